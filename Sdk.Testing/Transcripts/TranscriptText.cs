using System.Globalization;
using System.Text;

namespace Plugwire.Testing.Transcripts;

/// <summary>A transcript's lines as text, and back.</summary>
internal static class TranscriptText
{
    public const string FirstLine = "# Plugwire transcript 1: one line an event, CALL KIND VALUE";

    public static string Write(IEnumerable<TranscriptLine> lines)
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <exception cref="FormatException">It is no transcript; says in which line.</exception>
    public static List<TranscriptLine> Read(string text)
    {
        var lines = new List<TranscriptLine>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;

            var words = line.Split(' ', 3);
            if (words.Length < 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var call) || !LineKind.IsKnown(words[1]))
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {number}, '{line}': a call's number and what happened are expected, such as '1 request {{}}'."));
            lines.Add(new TranscriptLine(call, words[1], words.Length > 2 ? words[2] : "", number));
        }

        return lines;
    }
}
