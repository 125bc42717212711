using Plugwire.Promises.Measuring;
using Plugwire.Promises.Reporting;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Tests;

public sealed class ReportRowsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figure_WithinItsTarget_IsKeptWithItsMedianAndItsWorst()
    {
        var row = await RowAsync(Figure.Time("time", 100), [10, 30, 20]);

        Assert.Equal((Verdict.Kept, 20, 30, 3), (row.Verdict, row.Median, row.Worst, row.Runs));
        Assert.Equal("≤ 100 ms", row.Target);
    }

    [Fact]
    public async Task Figure_OverItsTarget_IsMissedAndSaysWhatItsWorstSampleWas()
    {
        var row = await RowAsync(Figure.Time("time", 100), [10, 101, 20]);

        Assert.Equal((Verdict.Missed, "worst: sample of 101"), (row.Verdict, row.Why));
    }

    [Fact]
    public async Task Figure_OverItsTargetWithinTheSlack_IsMissedWithinItOnlyWhenItIsOfTime()
    {
        Assert.Equal(Verdict.MissedWithinSlack, (await RowAsync(Figure.Time("time", 100), [200], slack: 2)).Verdict);
        Assert.Equal(Verdict.Missed, (await RowAsync(Figure.Time("time", 100), [201], slack: 2)).Verdict);
        Assert.Equal(Verdict.Missed, (await RowAsync(Figure.AtMost("things", "", 1), [2], slack: 1000)).Verdict);
        Assert.Equal(Verdict.Missed, (await RowAsync(Figure.None("things"), [1], slack: 1000)).Verdict);
    }

    [Fact]
    public async Task Figure_KnownToMiss_SaysWhy()
    {
        var row = await RowAsync(Figure.None("things", knownMiss: "it is not finished"), [1]);

        Assert.Equal((Verdict.KnownMiss, "it is not finished; worst: sample of 1"), (row.Verdict, row.Why));
    }

    [Fact]
    public async Task Figure_OfAHundredSamples_MayHaveOneThatIsWorse()
    {
        double[] samples = [.. Enumerable.Repeat(1.0, 99), 1000];

        Assert.Equal((Verdict.Kept, 1, 1000), await SummaryAsync(Figure.UsualTime("time", 100), samples));
        Assert.Equal((Verdict.Missed, 1000, 1000), await SummaryAsync(Figure.UsualTime("time", 100), samples[1..]));
        Assert.Equal((Verdict.Missed, 1000, 1000), await SummaryAsync(Figure.Time("time", 100), samples));
    }

    [Fact]
    public async Task Run_ThatThrows_BreaksThePromiseWhateverTheOthersMeasured()
    {
        var row = await RowAsync(Figure.None("things"), [0, double.NaN, 0]);

        Assert.Equal((Verdict.Missed, "1 of 3 runs failed; run 1: It broke."), (row.Verdict, row.Why));
    }

    [Fact]
    public async Task Run_ThatHangs_BreaksThePromise()
    {
        var row = await RowAsync(Figure.None("things"), [double.PositiveInfinity]);

        Assert.Equal((Verdict.Missed, "1 of 1 runs failed; run 0: it did not end within 0.1 s."), (row.Verdict, row.Why));
    }

    [Fact]
    public void Promise_WithoutAMeasurement_SaysWhy()
    {
        var missing = ReportRows.Of(new Measurement(new UnmeasuredPromise("G98", "a feature", "0", "there is none", isMissing: true)), slack: 1).Single();
        var impossible = ReportRows.Of(new Measurement(new UnmeasuredPromise("G99", "a right", "0", "it takes a right", isMissing: false)), slack: 1).Single();

        Assert.Equal((Verdict.NotBuilt, "there is none"), (missing.Verdict, missing.Why));
        Assert.Equal((Verdict.NotMeasured, "it takes a right"), (impossible.Verdict, impossible.Why));
    }

    private static async Task<ReportRow> RowAsync(Figure figure, double[] samples, double slack = 1)
    {
        var measurement = new Measurement(new ScriptedPromise(figure, samples));
        await measurement.MeasureAsync(Scale.Short, time: null, Token);
        return ReportRows.Of(measurement, slack).Single();
    }

    private static async Task<(Verdict, double?, double?)> SummaryAsync(Figure figure, double[] samples)
    {
        var row = await RowAsync(figure, samples);
        return (row.Verdict, row.Value, row.Worst);
    }

    /// <summary>A sample for each run; for NaN it throws, for infinity it hangs.</summary>
    private sealed class ScriptedPromise(Figure figure, double[] samples) : Promise
    {
        public override string Id => "G00";

        public override string Name => "a promise";

        public override Amount Runs => new(samples.Length, 0, 0);

        public override IReadOnlyList<Figure> Figures => [figure];

        public override TimeSpan RunLimit => double.IsPositiveInfinity(samples[0]) ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromMinutes(1);

        public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
        {
            if (double.IsNaN(samples[run]))
                throw new InvalidOperationException("It broke.");
            if (double.IsPositiveInfinity(samples[run]))
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            figure.Add(samples[run], $"sample of {samples[run]}");
        }
    }
}
