using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Shouting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>One plugin as its author has it, in every way.</summary>
public sealed class PluginHarnessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Call_OfEachKind_IsAnswered(PluginWay way)
    {
        await using var harness = await StartAsync(way);
        var echo = harness.GetContract<IEcho>();

        Assert.Equal("a!", (await echo.UnaryAsync(Of("a"), cancellationToken: Token)).Value);
        Assert.Equal("ab!", (await echo.CollectAsync(Stream("a", "b"), cancellationToken: Token)).Value);
        Assert.Equal(["a!", "a!", "a!"], await Values(echo.RepeatAsync(Of("a"), cancellationToken: Token)));
        Assert.Equal(["a!", "b!"], await Values(echo.BothAsync(Stream("a", "b"), cancellationToken: Token)));
        Assert.Equal("a!", (await harness.CreateClient<Echo.EchoClient>().UnaryAsync(Of("a"), cancellationToken: Token)).Value);
        Assert.Equal((way, "ShoutingPlugin", 1), (harness.Way, harness.Plugin.Name, harness.Plugin.ProtocolVersion));
    }

    [Theory, PluginWays]
    public async Task Stream_ThatTheCallerLeaves_IsNoLeak(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        await foreach (var answer in harness.GetContract<IEcho>().RepeatAsync(Of("for ever"), cancellationToken: Token))
        {
            Assert.Equal("for ever!", answer.Value);
            break;
        }
    }

    [Theory, PluginWays]
    public async Task Deadline_OfAStreamThatIdles_EndsIt(PluginWay way)
    {
        await using var harness = await StartAsync(way);
        var stream = harness.GetContract<IEcho>().RepeatAsync(Of("for ever"), new CallContext { Timeout = TimeSpan.FromMilliseconds(50) }, Token);

        var failure = await Assert.ThrowsAnyAsync<RpcException>(() => Values(stream));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Theory, PluginWays]
    public async Task Settings_OfTheHost_AreThePluginsConfiguration(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.Settings = new() { ["beginning"] = "> " });

        Assert.Equal("> a!", (await harness.GetContract<IEcho>().UnaryAsync(Of("a"), cancellationToken: Token)).Value);
    }

    [Theory, PluginWays]
    public async Task HostContract_CalledByThePlugin_AnswersIt(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.AddHostContract<IEcho>(new HostEcho()));

        Assert.Equal("the host heard ?a", (await harness.GetContract<IEcho>().UnaryAsync(Of("?a"), cancellationToken: Token)).Value);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task ServiceAndConfiguration_ReplacedByTheTest_WinOverThePluginsOwn(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options
            .ConfigurePlugin(plugin => plugin.Services.AddSingleton(new Ending("?")))
            .ConfigurePlugin(plugin => plugin.Configuration.AddInMemoryCollection([new("beginning", "- ")])));

        Assert.Equal("- a?", (await harness.GetContract<IEcho>().UnaryAsync(Of("a"), cancellationToken: Token)).Value);
        Assert.Equal("?", harness.Services.GetRequiredService<Ending>().Text);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task PluginThatATestPutsTogether_RunsInItsProcess(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync(plugin => plugin.AddContract<IEcho>(new HostEcho()), way, cancellationToken: Token);

        Assert.Equal("the host heard a", (await harness.GetContract<IEcho>().UnaryAsync(Of("a"), cancellationToken: Token)).Value);
    }

    [Fact]
    public async Task Services_OfAProcess_AreRefusedWithTheWayOut()
    {
        await using var harness = await StartAsync(PluginWay.Process);

        Assert.Contains("PluginWays.InTestProcess", Assert.Throws<InvalidOperationException>(() => harness.Services).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_ThatContradictEachOther_AreRefusedAtTheDoor()
    {
        var process = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(PluginWay.Process, options => options.ConfigurePlugin(_ => { })));
        Assert.Contains("Give it settings by Host.Settings", process.Message, StringComparison.Ordinal);

        var memory = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(PluginWay.Memory, options => options.Binary = PluginBinary.Of<ShoutingPlugin>()));
        Assert.Contains("this plugin runs in the test's process", memory.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync((PluginWay)77));
        var together = await Assert.ThrowsAsync<ArgumentException>(() => PluginHarness.StartAsync(_ => { }, PluginWay.Process, cancellationToken: Token));
        Assert.Contains("name the plugin's class or its binary", together.Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays]
    public async Task Start_ThatFails_SaysWhyAndLeavesNothing(PluginWay way)
    {
        PluginHarnessOptions? options = null;

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => StartAsync(way, given =>
        {
            options = given;
            given.Host.ProtocolVersions.Add(7);
        }));

        Assert.Equal(PluginStartReason.VersionMismatch, failure.Reason);
        Assert.False(Directory.Exists(options!.Host.LaunchDirectoryRoot));
    }

    [Theory, PluginWays]
    public async Task Start_ThatIsGivenUp_LeavesNothing(PluginWay way)
    {
        using var given = new CancellationTokenSource();
        PluginHarnessOptions? options = null;
        var start = StartAsync(way, it => options = it, given.Token);
        await given.CancelAsync();

        try
        {
            // It may have been through already.
            await (await start).DisposeAsync();
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
        }

        Assert.False(Directory.Exists(options!.Host.LaunchDirectoryRoot));
    }

    internal static Text Of(string value) => new() { Value = value };

    private static Task<PluginHarness> StartAsync(PluginWay way, Action<PluginHarnessOptions>? configure = null, CancellationToken? cancellationToken = null) =>
        PluginHarness.StartAsync<ShoutingPlugin>(way, configure, cancellationToken ?? Token).Within();

    private static IAsyncEnumerable<Text> Stream(params string[] values) => values.Select(Of).ToAsyncEnumerable();

    private static async Task<IReadOnlyList<string>> Values(IAsyncEnumerable<Text> stream) =>
        await stream.Select(text => text.Value).ToListAsync(Token).AsTask().Within();
}
