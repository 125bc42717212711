using System.Buffers;
using System.Globalization;
using System.Text;

namespace Examples.Inspect.Reporting;

/// <summary>Makes text of the tree fit for a terminal: nothing in it moves a cursor, changes a colour or hides what stands there.</summary>
internal static class DisplayText
{
    /// <summary>A path; bytes that are not UTF-8 are shown as <c>\xNN</c>.</summary>
    public static string Path(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return ".";

        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(path, out var rune, out var length);
            if (status == OperationStatus.Done)
                Append(text, rune);
            else
                AppendBytes(text, path[..length]);
            path = path[length..];
        }

        return text.ToString();
    }

    /// <summary>Any text; half a surrogate pair becomes U+FFFD.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
            Append(text, rune);
        return text.ToString();
    }

    /// <summary>Any text of several lines, which stay lines.</summary>
    public static string Lines(string value) => string.Join(Environment.NewLine, value.ReplaceLineEndings("\n").Split('\n').Select(Text));

    private static void Append(StringBuilder text, Rune rune)
    {
        var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
        if (rune.Value == '\t')
            text.Append(' ');
        else if (isHidden && rune.IsAscii)
            text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (isHidden)
            text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        else
            text.Append(rune);
    }

    private static void AppendBytes(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
    }
}
