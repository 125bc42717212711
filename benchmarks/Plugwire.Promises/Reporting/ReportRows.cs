using System.Globalization;
using Plugwire.Promises.Measuring;

namespace Plugwire.Promises.Reporting;

/// <summary>The rows of the report, from what was measured.</summary>
internal static class ReportRows
{
    public static IEnumerable<ReportRow> Of(Measurement measurement, double slack) => measurement.Promise.Figures.Select((figure, index) => Of(measurement, figure, index == 0, slack));

    private static ReportRow Of(Measurement measurement, Figure figure, bool isFirst, double slack)
    {
        var promise = measurement.Promise;
        double[] sorted = [.. figure.Samples.Order()];
        var isUnmeasured = promise.Obstacle is not null;
        var (verdict, why) = promise switch
        {
            { IsMissing: true } => (Verdict.NotBuilt, promise.Obstacle),
            { Obstacle: { } obstacle } => (Verdict.NotMeasured, obstacle),
            _ => Judge(measurement, figure, isFirst, slack),
        };
        return new ReportRow(
            promise.Id,
            promise.Name,
            isUnmeasured ? "" : figure.Name,
            figure.Unit,
            isUnmeasured ? figure.Name : figure.Target,
            figure.Value(),
            sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            sorted.Length == 0 ? null : sorted[^1],
            measurement.Runs,
            verdict,
            why,
            figure.Samples);
    }

    private static (Verdict, string?) Judge(Measurement measurement, Figure figure, bool isFirst, double slack)
    {
        // A run that failed has broken the promise, whatever the samples of the others say: told once, at its first figure.
        if (isFirst && measurement.Failures.Count > 0)
            return (Verdict.Missed, string.Create(CultureInfo.InvariantCulture, $"{measurement.Failures.Count} of {measurement.Runs} runs failed; {measurement.Failures[0]}"));
        if (figure.Value() is not { } value)
            return (measurement.Failures.Count > 0 ? Verdict.NotMeasured : Verdict.Missed, "no run has come so far");
        if (value <= figure.Bound)
            return (Verdict.Kept, figure.Remark);

        string[] parts = [.. new[] { figure.KnownMiss, figure.WorstBecause is { } because ? "worst: " + because : null, figure.Remark }.OfType<string>()];
        var why = parts.Length == 0 ? null : string.Join("; ", parts);
        return figure switch
        {
            { KnownMiss: not null } => (Verdict.KnownMiss, why),
            { IsOfTime: true } when value <= figure.Bound * slack => (Verdict.MissedWithinSlack, why),
            _ => (Verdict.Missed, why),
        };
    }
}
