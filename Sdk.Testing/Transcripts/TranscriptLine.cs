using System.Globalization;

namespace Plugwire.Testing.Transcripts;

/// <summary>One line of a transcript: one event of one call.</summary>
/// <param name="Call">The call's number.</param>
/// <param name="Kind">What happened: see <see cref="LineKind"/>.</param>
/// <param name="Value">The rest of the line; empty when there is none.</param>
/// <param name="Number">Where in the file it stands, from 1; 0 where it has not been read from one.</param>
internal sealed record TranscriptLine(int Call, string Kind, string Value, int Number = 0)
{
    /// <summary>Without the call's number, which may differ between two records of one conversation.</summary>
    public string Text => Value.Length == 0 ? Kind : $"{Kind} {Value}";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Call} {Text}");
}
