using System.Globalization;
using System.Text;

namespace Plugwire.Hosting.Failures;

/// <summary>
/// Makes a plugin's text safe to show: a terminal or a log viewer obeys escape sequences and direction marks, so these are spelled out.
/// </summary>
internal static class PrintableText
{
    private const char ReplacementCharacter = '\uFFFD';

    /// <summary>The text with line breaks as <c>\n</c>, tabs kept, and every other character that acts instead of being seen spelled as <c>\uXXXX</c>.</summary>
    public static string Of(string text)
    {
        var first = IndexOfUnsafe(text, 0);
        if (first < 0)
            return text;

        var safe = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                safe.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c))
                safe.Append(ReplacementCharacter);
            else if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                continue;
            else if (IsUnsafe(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                safe.Append(c);
        }

        return safe.ToString();
    }

    /// <summary>The same as one line: breaks are spelled out, too.</summary>
    public static string OfLine(string text) => Of(text).Replace("\n", "\\n", StringComparison.Ordinal);

    private static int IndexOfUnsafe(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) || IsUnsafe(text[i]))
                return i;
        }

        return -1;
    }

    // C0 and C1 controls, line and paragraph separators, and the marks that reverse what is read.
    private static bool IsUnsafe(char c) => c switch
    {
        '\n' or '\t' => false,
        < ' ' or (>= '\u007F' and <= '\u009F') => true,
        '\u2028' or '\u2029' or '\u200E' or '\u200F' or '\u061C' => true,
        (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        _ => false,
    };
}
