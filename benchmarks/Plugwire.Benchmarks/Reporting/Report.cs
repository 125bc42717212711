using System.Globalization;
using System.Text.Json.Serialization;

namespace Plugwire.Benchmarks.Reporting;

/// <summary>All that a run has found; what <c>--output</c> writes.</summary>
internal sealed record Report(Machine Machine, int Rounds, double SecondsPerRound, IReadOnlyList<ReportRow> Rows);

/// <param name="Name">What was measured.</param>
/// <param name="Unit">In what the figures are.</param>
/// <param name="Figures">By contender.</param>
/// <param name="Comparisons">What was made of them.</param>
internal sealed record ReportRow(string Name, string Unit, IReadOnlyList<ReportFigure> Figures, IReadOnlyList<ReportComparison> Comparisons);

/// <param name="Contender">Whose it is.</param>
/// <param name="Median">Of the rounds.</param>
/// <param name="Rounds">One figure each, in their order.</param>
internal sealed record ReportFigure(string Contender, double Median, IReadOnlyList<double> Rounds);

/// <param name="Text">What was compared.</param>
/// <param name="Median">Of the rounds, each compared by itself.</param>
/// <param name="AtMost">The goal, where smaller is better; null where nobody has set one.</param>
/// <param name="AtLeast">The goal, where larger is better.</param>
/// <param name="IsMet">Null without a goal.</param>
internal sealed record ReportComparison(string Text, double Median, double? AtMost, double? AtLeast, bool? IsMet)
{
    /// <summary>The goal in words; empty without one.</summary>
    [JsonIgnore]
    public string Goal => (AtMost, AtLeast) switch
    {
        ({ } bound, _) => string.Create(CultureInfo.InvariantCulture, $"≤ {bound:0.##}"),
        (_, { } bound) => string.Create(CultureInfo.InvariantCulture, $"≥ {bound:0.##}"),
        _ => "",
    };
}
