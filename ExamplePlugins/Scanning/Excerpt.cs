using System.Text;

namespace Examples.Scanning;

/// <summary>The part of a line that is shown with a finding: at most 200 bytes, trimmed, as text.</summary>
public static class Excerpt
{
    private const int Behind = 80;
    private const int Ahead = 120;

    /// <summary>The line around <paramref name="at"/>; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Around(ReadOnlySpan<byte> view, int at)
    {
        var start = view[..at].LastIndexOf((byte)'\n') + 1;
        var length = view[at..].IndexOf((byte)'\n');
        var end = length < 0 ? view.Length : at + length;

        var cutBefore = at - start > Behind;
        if (cutBefore)
            start = at - Behind;
        var cutAfter = end - at > Ahead;
        if (cutAfter)
            end = at + Ahead;

        // A cut falls between characters, not into one.
        for (var i = 0; cutBefore && i < 3 && IsContinuation(view[start]); i++)
            start++;
        for (var i = 0; cutAfter && i < 3 && IsContinuation(view[end]); i++)
            end--;

        var text = Encoding.UTF8.GetString(view[start..end].Trim(" \t\r"u8));
        return (cutBefore ? "…" : "") + text + (cutAfter ? "…" : "");
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
