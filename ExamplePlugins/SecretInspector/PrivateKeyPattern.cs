using System.Buffers;
using System.Text;
using Examples.Scanning;

namespace Examples.Secrets;

/// <summary>
/// The first line of a private key in PEM or of PGP: <c>-----BEGIN … PRIVATE KEY-----</c>. A marker that a quotation mark closes at once is
/// code that looks for keys, no key.
/// </summary>
internal sealed class PrivateKeyPattern() : Pattern("secret/private-key", "A private key.", "-----BEGIN "u8)
{
    private const int LongestLabel = 64;

    private static readonly SearchValues<byte> LabelBytes = SearchValues.Create(" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    public override Hit Look(ReadOnlySpan<byte> view, int at)
    {
        var label = at + Anchor.Length;
        var length = view[label..Math.Min(view.Length, label + LongestLabel)].IndexOf("-----"u8);
        if (length < 0)
            return Hit.None(label);

        var name = view.Slice(label, length);
        var end = label + length + "-----".Length;
        var isKey = (name.EndsWith("PRIVATE KEY"u8) || name.EndsWith("PRIVATE KEY BLOCK"u8)) && !name.ContainsAnyExcept(LabelBytes);
        var isQuoted = end < view.Length && "\"'`"u8.Contains(view[end]);
        return isKey && !isQuoted
            ? Hit.At(at, end, Encoding.ASCII.GetString(view[at..end]) + "…")
            : Hit.None(label);
    }
}
