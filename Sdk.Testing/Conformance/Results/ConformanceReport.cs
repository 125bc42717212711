using System.Globalization;
using System.Xml;
using Plugwire.Testing.Conformance.Results;

namespace Plugwire.Testing;

/// <summary>The results of one run, in the order of the cases.</summary>
public sealed class ConformanceReport
{
    internal ConformanceReport(string suite, string subject, string revision, IReadOnlyList<ConformanceResult> results, TimeSpan duration)
    {
        Suite = suite;
        Subject = subject;
        Revision = revision;
        Results = results;
        Duration = duration;
    }

    /// <summary>Which requirements were looked at: <c>plugin</c> or <c>host</c>.</summary>
    public string Suite { get; }

    /// <summary>What was run, as it was named.</summary>
    public string Subject { get; }

    /// <summary>The revision of the requirements.</summary>
    public string Revision { get; }

    /// <summary>One for each case.</summary>
    public IReadOnlyList<ConformanceResult> Results { get; }

    /// <summary>How long the whole run took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Whether every requirement is met that must be, as far as anything can be said. A case that was skipped does not stand in the way, and neither does a requirement that should be met and is not.</summary>
    public bool Passed => !Results.Any(result => result.FailsTheRun);

    /// <summary>How many cases ended that way.</summary>
    public int Count(ConformanceOutcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>That <see cref="Passed"/> is true.</summary>
    /// <exception cref="ExpectationException">It is not: names each case that stands in the way, its requirement and what was found.</exception>
    public void EnsurePassed()
    {
        var bad = Results.Where(result => result.FailsTheRun).ToArray();
        if (bad.Length > 0)
        {
            throw new ExpectationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {Suite} '{Subject}' should meet all requirements of revision {Revision}, and {bad.Length} of {Results.Count} cases say otherwise:{string.Concat(bad.Select(Describe))}"));
        }
    }

    /// <summary>Writes the report as JUnit XML, as build servers read it: a test case for each case. A requirement that should be met and is not stands there as skipped, with the reason, since it does not fail the run.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SaveJUnit(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true });
        JUnitXml.Of(this).Save(writer);
    }

    /// <summary>The results, a line for each, and a line that sums them up.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Concat(Results.Select(result => result + Environment.NewLine))}{Count(ConformanceOutcome.Pass)} pass, {Count(ConformanceOutcome.Fail)} fail, {Count(ConformanceOutcome.Skip)} skipped, {Count(ConformanceOutcome.HarnessError)} harness errors in {Duration.TotalSeconds:0.0} s");

    private static string Describe(ConformanceResult result) =>
        $"{Environment.NewLine}  - {result.Case.Id} ({(result.Outcome == ConformanceOutcome.Fail ? "failed" : "harness error")}): {result.Case.Requirement}{Environment.NewLine}    Found: {result.Detail}";
}
