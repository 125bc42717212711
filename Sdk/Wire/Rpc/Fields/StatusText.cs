using System.Buffers;
using System.Globalization;
using System.Text;

namespace Plugwire.Wire.Rpc.Fields;

/// <summary>The field grpc-message: UTF-8, with all but printable ASCII percent-encoded, and a long text cut.</summary>
internal static class StatusText
{
    /// <summary>The longest text sent, in bytes once encoded: a status must never be too large to arrive.</summary>
    public const int MaxBytes = 8 * 1024;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text)
    {
        if (text.Length <= MaxBytes && !text.AsSpan().ContainsAnyExcept(Plain))
            return text;

        var encoded = new StringBuilder(Math.Min(text.Length, MaxBytes));
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            var isPlain = rune.IsBmp && Plain.Contains((char)rune.Value);
            if (encoded.Length + (isPlain ? 1 : 3 * length) > MaxBytes)
                break;

            if (isPlain)
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var b in utf8[..length])
                encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Never fails: what is not encoded properly is taken as it stands.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%') && Ascii.IsValid(text))
            return text;

        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                i += 2;
            }
            else
            {
                // A header's characters are bytes.
                bytes[length++] = (byte)text[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
