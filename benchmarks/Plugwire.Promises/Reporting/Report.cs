namespace Plugwire.Promises.Reporting;

/// <summary>All that a run has found; what <c>--output</c> writes.</summary>
/// <param name="Machine">Where it was measured.</param>
/// <param name="Scale">How much was measured.</param>
/// <param name="Slack">The factor by which times could exceed their targets without a failure.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Rows">One for each figure.</param>
internal sealed record Report(Machine Machine, string Scale, double Slack, double Seconds, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Whether every figure is kept that is not known to be missed.</summary>
    public bool IsGood => !Rows.Any(row => row.Verdict == Verdict.Missed);
}

/// <param name="Id">Of the promise.</param>
/// <param name="Promise">What is promised.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Unit">Of the numbers; empty where things are counted.</param>
/// <param name="Target">In words.</param>
/// <param name="Value">What is compared with the target; null when nothing was measured.</param>
/// <param name="Median">Of the samples.</param>
/// <param name="Worst">Of the samples.</param>
/// <param name="Runs">How many there have been.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Why">What there is to say; null for nothing.</param>
/// <param name="Samples">In their order.</param>
internal sealed record ReportRow(
    string Id,
    string Promise,
    string Figure,
    string Unit,
    string Target,
    double? Value,
    double? Median,
    double? Worst,
    int Runs,
    Verdict Verdict,
    string? Why,
    IReadOnlyList<double> Samples);
