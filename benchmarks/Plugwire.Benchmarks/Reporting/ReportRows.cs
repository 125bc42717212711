using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Measuring;
using Plugwire.Benchmarks.Shapes;

namespace Plugwire.Benchmarks.Reporting;

/// <summary>The rows of the report, from what was measured.</summary>
internal static class ReportRows
{
    public static IEnumerable<ReportRow> Of(Shape shape, IReadOnlyDictionary<ContenderName, IReadOnlyList<Round>> rounds) =>
        shape.Rows.Select(row => Of(row, shape.Workload.Size, rounds));

    private static ReportRow Of(Row row, int size, IReadOnlyDictionary<ContenderName, IReadOnlyList<Round>> rounds)
    {
        var figures = new SortedDictionary<ContenderName, double[]>();
        foreach (var (name, measured) in rounds)
        {
            double[] known = [.. measured.Select(round => round.In(row.Unit, size)).OfType<double>()];
            if (known.Length == measured.Count)
                figures.Add(name, known);
        }

        return new ReportRow(
            row.Name,
            Text(row.Unit),
            [.. figures.Select(pair => new ReportFigure(pair.Key.Text(), Median.Of(pair.Value), pair.Value))],
            [.. row.Comparisons.Select(comparison => Of(comparison, figures))]);
    }

    // Round by round, and the median of that: what slowed down a round slowed down both.
    private static ReportComparison Of(Comparison comparison, SortedDictionary<ContenderName, double[]> figures)
    {
        var compared = comparison.Contenders.Select(name => figures[name]).ToArray();
        var median = Median.Of(Enumerable.Range(0, compared[0].Length).Select(round => comparison.Compare([.. compared.Select(values => values[round])])));
        return new ReportComparison(
            comparison.Text,
            median,
            comparison.Goal is { IsUpper: true } upper ? upper.Bound : null,
            comparison.Goal is { IsUpper: false } lower ? lower.Bound : null,
            comparison.Goal?.IsMetBy(median));
    }

    private static string Text(FigureUnit unit) => unit switch
    {
        FigureUnit.Microseconds => "µs",
        FigureUnit.Milliseconds => "ms",
        FigureUnit.ThousandsPerSecond => "k/s",
        FigureUnit.MegabytesPerSecond => "MB/s",
        FigureUnit.AllocatedBytes => "B",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "It is none of the units."),
    };
}
