using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Logs;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.Testing;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Output;

/// <summary>Whatever a plugin writes where its log belongs, its host goes on, and shows it without harm.</summary>
public sealed class HostileLogTests : PluginTest
{
    private const int StandardError = 2;
    private const string Escape = "\u001b";

    public static TheoryData<string, string> Lines => new()
    {
        // The line that crashes hosts of go-plugin: they take the message for a string.
        { """{"@message":1}""", """{"@message":1}""" },
        { """{"@message":{"a":[1]},"@level":7,"@timestamp":8,"@module":[9]}""", """{"@message":{"a":[1]},"@level":7,"@timestamp":8,"@module":[9]}""" },
        { """{"@message":"twice","@message":"again","a":1,"a":2}""", "again" },
        { """{"@message":"huge","a":1e99999,"b":123456789012345678901234567890,"event_id":99999999999}""", "huge" },
        { """{"@message":"\ud800"}""", """{"@message":"\ud800"}""" },
        { """{"@message":"nul \u0000 and bell \u0007"}""", "nul \\u0000 and bell \\u0007" },
        { """{"@message":"m","{OriginalFormat}":7,"Message":8,"timestamp":9}""", "m" },
        { "{\"@message\":\"m\",\"a\":" + new string('[', 5000) + new string(']', 5000) + "}", "{\"@message\":\"m\",\"a\":" + new string('[', 5000) + new string(']', 5000) + "}" },
        { $"{Escape}[2J{Escape}]0;owned\u0007 \u202Etxt.exe", "\\u001B[2J\\u001B]0;owned\\u0007 \\u202Etxt.exe" },
        { "a\0b", "a\\u0000b" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    [Trait("Fault", "F14")]
    public async Task Line_OfAHostilePlugin_IsShownAndTheHostGoesOn(string line, string shown)
    {
        await using var plugin = await StartAsync(Faulty());

        await WriteAsync(plugin, Encoding.UTF8.GetBytes(line + "\n"));

        await Log.EntryAsync(entry => entry.Category.StartsWith("subject", StringComparison.Ordinal) && entry.Message == shown);
        await AssertGoesOnAsync(plugin);
    }

    [Fact]
    [Trait("Fault", "F14")]
    public async Task Bytes_ThatAreNoText_AreShownAsSuchAndTheHostGoesOn()
    {
        await using var plugin = await StartAsync(Faulty());

        await WriteAsync(plugin, [0xC3, 0x28, (byte)'x', 0xFF, 0xFE, (byte)'\n']);

        await Log.EntryAsync("\uFFFD(x\uFFFD\uFFFD");
        await AssertGoesOnAsync(plugin);
    }

    [Fact]
    [Trait("Fault", "F14")]
    public async Task Module_WithALineBreak_ForgesNoLineOfTheHostsLog()
    {
        await using var plugin = await StartAsync(Faulty());

        await WriteAsync(plugin, """{"@message":"m","@module":"a\ncrit: Host[0] all is lost"}"""u8.ToArray().Append((byte)'\n').ToArray());

        Assert.Equal("subject.a\\ncrit: Host[0] all is lost", (await Log.EntryAsync("m")).Category);
    }

    [Theory]
    [InlineData(1024 * 1024, 1)]
    [InlineData(1, 1_000_000)]
    [Trait("Fault", "F14")]
    public async Task Lines_OfAMegabyteOrAMillionOfThem_AreLeftOutAndCounted(int length, int times)
    {
        var options = Faulty();
        options.MaxLogLinesPerSecond = 100;
        await using var plugin = await StartAsync(options);

        await WriteAsync(plugin, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new string('y', length) + "\n", times == 1 ? 1 : 1000))), Math.Max(1, times / 1000));
        await WriteAsync(plugin, "the end\n"u8.ToArray());
        await AssertGoesOnAsync(plugin);
        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Contains("the end\n", exit.StandardErrorTail, StringComparison.Ordinal);
        Assert.Contains(Log.Records, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("left out of the log", StringComparison.Ordinal));
        Assert.InRange(Log.Records.Count(entry => entry.Message.StartsWith('y')), 1, RecordedLogs.Capacity - 1000);
    }

    [Theory]
    [InlineData(SinkFault.Throws)]
    [InlineData(SinkFault.Blocks)]
    [Trait("Fault", "F15")]
    [Trait("Fault", "F47")]
    public async Task Sink_ThatIsBroken_KeepsNothingFromWorking(SinkFault fault)
    {
        using var sink = new BrokenSink(fault);
        var options = Faulty();
        options.LoggerFactory = sink;
        await using var plugin = await StartAsync(options);

        // More than waits for a sink that takes nothing.
        await WriteAsync(plugin, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line of the log\n", 10_000))));
        await AssertGoesOnAsync(plugin);
        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
        Assert.Contains("a line of the log\n", exit.StandardErrorTail, StringComparison.Ordinal);
        Assert.NotEqual(0, sink.Entered);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(SinkFault.Throws)]
    [InlineData(SinkFault.Blocks)]
    [Trait("Fault", "F15")]
    [Trait("Fault", "F47")]
    public async Task Sink_ThatIsBroken_HidesNoFailureOfAStartAndNoCrash(SinkFault fault)
    {
        using var sink = new BrokenSink(fault);
        var options = Faulty("--at=before-handshake", "--do=exit:7");
        options.LoggerFactory = sink;
        Assert.Equal(7, (await RefusedAsync(options)).ExitCode);

        options = Faulty("--at=call:1", "--do=exit:8");
        options.LoggerFactory = sink;
        await using var plugin = await StartAsync(options);
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note()).ResponseAsync.Within());

        Assert.Equal((PluginCallReason.PluginDied, 8), (failure.Reason, failure.ExitCode));
        Assert.Equal((PluginExitReason.Crashed, 8), ((await plugin.Completion.Within()).Reason, (await plugin.Completion).ExitCode));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F16")]
    public async Task Output_ThatThePluginCloses_IsNoEndOfIt()
    {
        await using var plugin = await StartAsync(Faulty());

        await plugin.CreateClient<Faults.FaultsClient>().CloseOutputAsync(new CloseOutputRequest()).ResponseAsync.Within();

        await AssertGoesOnAsync(plugin);
        Assert.True(ProcessEnd.IsAlive(plugin.ProcessId));
        Assert.False(plugin.Completion.IsCompleted);
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(TestContext.Current.CancellationToken).Within()).StopStep, (await plugin.Completion).ExitCode));
    }

    private static async Task WriteAsync(Plugin plugin, byte[] bytes, int times = 1) => await plugin.CreateClient<Faults.FaultsClient>()
        .WriteRawAsync(new RawBytes { FileDescriptor = StandardError, Data = ByteString.CopyFrom(bytes), Times = times }).ResponseAsync.Within();

    private static async Task AssertGoesOnAsync(Plugin plugin)
    {
        Assert.Equal("well", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "well" }).ResponseAsync.Within()).Text);
        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
    }
}
