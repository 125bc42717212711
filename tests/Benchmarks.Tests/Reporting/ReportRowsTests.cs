using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Measuring;
using Plugwire.Benchmarks.Reporting;
using Plugwire.Benchmarks.Shapes;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Tests.Reporting;

public sealed class ReportRowsTests
{
    private const int Operations = 1000;

    [Fact]
    public void Ratio_OfRoundsThatASlowMachineMet_IsTheMedianOfTheirRatios()
    {
        var row = Report(
            new Row("a row", FigureUnit.Microseconds, Comparison.Ratio(ContenderName.Classic, ContenderName.GrpcDotnet, Goal.AtMost(0.4))),
            (ContenderName.Classic, [5, 50, 4]),
            (ContenderName.GrpcDotnet, [10, 100, 20]));

        var comparison = Assert.Single(row.Comparisons);
        Assert.Equal(0.5, comparison.Median);
        Assert.Equal("classic / grpc-dotnet", comparison.Text);
        Assert.Equal("≤ 0.4", comparison.Goal);
        Assert.False(comparison.IsMet);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(3.1, false)]
    public void Goal_OfARate_IsALowerBound(double bound, bool isMet)
    {
        var row = Report(
            new Row("a row", FigureUnit.ThousandsPerSecond, Comparison.Ratio(ContenderName.Classic, ContenderName.GrpcDotnet, Goal.AtLeast(bound))),
            (ContenderName.Classic, [10]),
            (ContenderName.GrpcDotnet, [30]));

        Assert.Equal(isMet, Assert.Single(row.Comparisons).IsMet);
        Assert.Equal(100, row.Figures[0].Median, tolerance: 1e-6);
    }

    [Theory]
    [InlineData(0.002, true)]
    [InlineData(0.001, false)]
    public void Figure_OfAContenderAlone_HasAGoalOfItsOwn(double bound, bool isMet)
    {
        var row = Report(new Row("a row", FigureUnit.Milliseconds, Comparison.Figure(ContenderName.Harness, Goal.AtMost(bound))), (ContenderName.Harness, [1, 2, 9]));

        var comparison = Assert.Single(row.Comparisons);
        Assert.Equal(("ms", "harness", isMet), (row.Unit, comparison.Text, comparison.IsMet));
        Assert.Equal(0.002, comparison.Median, tolerance: 1e-9);
    }

    [Fact]
    public void Figures_OfAContenderWithoutThem_AreLeftOut()
    {
        var row = Report(
            new Row("a row", FigureUnit.AllocatedBytes, Comparison.Excess(ContenderName.Classic, 64, "messages", Goal.AtMost(600))),
            (ContenderName.RawSocket, [1]),
            (ContenderName.Classic, [2]));

        var figure = Assert.Single(row.Figures);
        Assert.Equal(("classic", 200), (figure.Contender, figure.Median));
        var comparison = Assert.Single(row.Comparisons);
        Assert.Equal(("classic - messages", 136, true), (comparison.Text, comparison.Median, comparison.IsMet));
    }

    [Theory]
    [InlineData(2.0, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 3.0, 2.0)]
    [InlineData(7.0, 7.0)]
    public void Median_OfSoMany_IsTheMiddle(double expected, params double[] values)
    {
        Assert.Equal(expected, Median.Of(values));
    }

    // Rounds of so many microseconds an operation; ours tell what they allocate.
    private static ReportRow Report(Row row, params (ContenderName Name, double[] Microseconds)[] contenders) => Assert.Single(ReportRows.Of(
        new Shape(new Workload(), [.. contenders.Select(contender => contender.Name)], row),
        contenders.ToDictionary(
            contender => contender.Name,
            IReadOnlyList<Round> (contender) =>
            [
                .. contender.Microseconds.Select(microseconds => new Round(
                    Operations, TimeSpan.FromMicroseconds(microseconds * Operations), contender.Name == ContenderName.RawSocket ? null : 200 * Operations)),
            ])));
}
