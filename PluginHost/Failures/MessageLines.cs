using System.Text;

namespace Plugwire.Hosting.Failures;

/// <summary>The lines of which the message of an exception is made. What a plugin said may stand in them: it is made safe to show, and kept short.</summary>
internal static class MessageLines
{
    private const int MostLines = 20;
    private const int MostCharacters = 2000;

    public static string Shorten(string sentence)
    {
        var printable = PrintableText.Of(sentence);
        return printable.Length > MostCharacters ? printable[..MostCharacters] + "…" : printable;
    }

    public static void Append(StringBuilder text, string label, string? sentence)
    {
        if (!string.IsNullOrEmpty(sentence))
            text.Append('\n').Append(label).Append(Shorten(sentence));
    }

    public static void AppendQuote(StringBuilder text, string label, string[] lines)
    {
        if (lines.Length == 0)
            return;

        text.Append('\n').Append(label);
        foreach (var line in lines)
            text.Append("\n  | ").Append(line);
    }

    public static string[] Last(string output)
    {
        var lines = Split(output.Length > MostCharacters ? "…" + output[^MostCharacters..] : output);
        return lines.Length > MostLines ? ["…", .. lines[^MostLines..]] : lines;
    }

    public static string[] First(string output)
    {
        var lines = Split(output.Length > MostCharacters ? output[..MostCharacters] + "…" : output);
        return lines.Length > MostLines ? [.. lines[..MostLines], "…"] : lines;
    }

    private static string[] Split(string output)
    {
        var printable = PrintableText.Of(output).TrimEnd('\n');
        return printable.Length == 0 ? [] : printable.Split('\n');
    }
}
