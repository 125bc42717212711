using System.Globalization;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Output;

[Collection(AloneCollection.Name)]
public sealed class FloodTests : PluginTest
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const long Flood = 100_000_000;
    private const long MostKept = 8 * 1024 * 1024;
    private const long MostResident = 48 * 1024 * 1024;

    [Theory]
    [InlineData(StandardError)]
    [InlineData(StandardOutput)]
    [Trait("Fault", "F13")]
    [Trait("Fault", "F14")]
    public async Task Flood_OfAHundredMegabytesWithoutALineBreak_NeitherStopsCallsNorFillsTheHost(int descriptor)
    {
        await using var plugin = await StartAsync(WithoutASink(Faulty()));
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        for (var i = 0; i < 200; i++)
            await kinds.UnaryAsync(new Note { Number = i }).ResponseAsync.Within();
        var kept = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Environment.WorkingSet;
        var most = resident;

        var flood = plugin.CreateClient<Faults.FaultsClient>().FloodAsync(new FloodRequest { FileDescriptor = descriptor, Bytes = Flood }).ResponseAsync.Within();
        var calls = 0;
        for (; !flood.IsCompleted; calls++)
        {
            Assert.Equal(calls, (await kinds.UnaryAsync(new Note { Number = calls }).ResponseAsync.Within()).Number);
            most = Math.Max(most, Environment.WorkingSet);
        }

        await flood;
        Assert.InRange(calls, 1, int.MaxValue);
        Assert.InRange(most - resident, long.MinValue, MostResident);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - kept, long.MinValue, MostKept);

        // Nothing of it holds up the stop.
        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();
        Assert.Equal((PluginStopStep.Shutdown, 0), (exit.StopStep, exit.ExitCode));
        if (descriptor == StandardError)
            Assert.Contains(new string('a', 4 * 1024), exit.StandardErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_OfShortLinesInPlaceOfAHandshake_IsReadToItsEnd()
    {
        var options = WithoutASink(Shell("yes | head -c 50000000 >&2; echo 'the end' >&2; exit 3"));
        var kept = GC.GetTotalMemory(forceFullCollection: true);

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartReason.ExitedEarly, 3), (failure.Reason, failure.ExitCode));
        Assert.EndsWith("y\ny\nthe end\n", failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - kept, long.MinValue, MostKept);
    }

    [Fact]
    [Trait("Fault", "F14")]
    public async Task Flood_OfShortLinesWithASink_IsLoggedWithinTheLimitAndEveryLineIsAccountedFor()
    {
        const int Lines = 2_000_000;
        var options = Shell($"yes | head -n {Lines} >&2; exit 3");
        options.MaxLogLinesPerSecond = 100;

        var failure = await RefusedAsync(options);

        var entries = Log.Records.Where(entry => entry.Category == "subject").ToList();
        var logged = entries.Count(entry => entry.Message == "y");
        var leftOut = entries.Sum(entry => entry.Message.EndsWith(" were left out of the log.", StringComparison.Ordinal) ? int.Parse(entry.Message.Split(' ')[0], CultureInfo.InvariantCulture) : 0);
        Assert.Equal(Lines, logged + leftOut);
        Assert.InRange(logged, 200, 200 + (100 * (int)Math.Ceiling(failure.Elapsed.TotalSeconds)));
        Assert.InRange(entries.Count - logged, 2, 3 + (int)Math.Ceiling(failure.Elapsed.TotalSeconds));
    }

    // It would keep what is to be measured.
    private static PluginOptions WithoutASink(PluginOptions options)
    {
        options.LoggerFactory = null;
        return options;
    }
}
