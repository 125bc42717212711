using System.Globalization;

namespace Plugwire.Testing.Transcripts;

/// <summary>What a line of a header or a trailer holds: <c>name: "value"</c>.</summary>
internal static class HeaderLine
{
    private const string Separator = ": ";

    /// <exception cref="FormatException">It is no such line.</exception>
    public static (string Key, string Value) Read(TranscriptLine line)
    {
        var end = line.Value.IndexOf(Separator, StringComparison.Ordinal);
        try
        {
            return end > 0 ? (line.Value[..end], TranscriptMessages.Unquote(line.Value[(end + Separator.Length)..])) : throw new FormatException("a name and a colon are expected.");
        }
        catch (FormatException failure)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line.Number}, '{line}': {failure.Message}"), failure);
        }
    }
}
