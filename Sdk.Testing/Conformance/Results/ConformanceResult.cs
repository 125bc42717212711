namespace Plugwire.Testing;

/// <summary>What became of one case in one run.</summary>
/// <param name="Case">The case.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">Why, as sentences; empty for a pass.</param>
/// <param name="Duration">How long the case took.</param>
public sealed record ConformanceResult(ConformanceCase Case, ConformanceOutcome Outcome, string Detail, TimeSpan Duration)
{
    /// <summary>Whether the run fails for this result: for a requirement that must be met and is not, or because the machinery failed.</summary>
    public bool FailsTheRun => Outcome switch
    {
        ConformanceOutcome.Fail => Case.Level == ConformanceLevel.Must,
        ConformanceOutcome.HarnessError => true,
        _ => false,
    };

    /// <summary>The result in one line, with the detail.</summary>
    public override string ToString() => (Outcome, Case.Level) switch
    {
        (ConformanceOutcome.Pass, _) => $"pass           {Case.Id}",
        (ConformanceOutcome.Fail, ConformanceLevel.Must) => $"FAIL           {Case.Id}: {Detail}",
        (ConformanceOutcome.Fail, _) => $"fail (should)  {Case.Id}: {Detail}",
        (ConformanceOutcome.Skip, _) => $"skip           {Case.Id}: {Detail}",
        _ => $"HARNESS ERROR  {Case.Id}: {Detail}",
    };
}
