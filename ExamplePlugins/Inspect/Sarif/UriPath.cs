using System.Buffers;
using System.Globalization;
using System.Text;

namespace Examples.Inspect.Sarif;

/// <summary>A path as a URI has it: every byte that is not plain is percent-encoded, so that names which are no text stay what they are.</summary>
internal static class UriPath
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create("-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    public static string Escape(ReadOnlySpan<byte> path)
    {
        if (!path.ContainsAnyExcept(Plain))
            return Encoding.ASCII.GetString(path);

        var text = new StringBuilder(path.Length + 16);
        foreach (var value in path)
        {
            if (Plain.Contains(value))
                text.Append((char)value);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return text.ToString();
    }
}
