using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Output;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Output;

[Collection(AloneCollection.Name)]
public sealed class StandardErrorFloodTests
{
    private const int Flood = 100_000_000;
    private const long MostKept = 8 * 1024 * 1024;

    // Not kept, but made and thrown away meanwhile: a string of the flood would be six times as much.
    private const long MostAllocated = 32 * 1024 * 1024;

    [Fact]
    public async Task StandardError_HundredMegabytesWithoutALineBreak_NeverBlocksAndStaysSmall()
    {
        var sink = new FakeLoggerProvider();
        using var loggers = new LoggerFactory([sink], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        await using var forwarder = new PluginLogForwarder("todo", loggers, TimeProvider.System);
        await using var child = await RunAsync($"head -c {Flood} /dev/zero | tr '\\0' a >&2; exit 6");
        var keptBefore = GC.GetTotalMemory(forceFullCollection: true);
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var reader = new StandardErrorReader(child.StandardError, forwarder, TimeProvider.System);

        Assert.Equal(new ChildExit(6, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await reader.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - keptBefore;
        await reader.DisposeAsync();
        await forwarder.DisposeAsync();

        Assert.InRange(kept, long.MinValue, MostKept);
        Assert.InRange(allocated, 0, MostAllocated);
        Assert.Equal(new string('a', StandardErrorReader.TailSize), reader.GetTail(int.MaxValue));
        Assert.Equal(StandardErrorReader.TailInFailure, reader.GetTail().Length);
        var records = sink.Collector.GetSnapshot();
        Assert.Equal(5, records.Count);
        Assert.Equal($"{Flood - (4 * StandardErrorReader.LongestLine)} more bytes of one line of standard error are left out of the log.", records[^1].Message);
    }
}
