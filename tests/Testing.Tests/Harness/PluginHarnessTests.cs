using System.Text.Json.Nodes;
using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What a test can do with a plugin, whichever way it runs.</summary>
public sealed class PluginHarnessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Unary_InEachWay_IsAnswered(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var answer = await harness.GetContract<ISample>().UnaryAsync(new Note { Text = "hello" }, cancellationToken: Token);

        Assert.Equal("hello", answer.Text);
        Assert.Equal(way, harness.Way);
        Assert.Equal(way == PluginWay.Process, harness.Plugin.ProcessId != Environment.ProcessId);
    }

    [Theory, PluginWays]
    public async Task ClassicClient_InEachWay_IsAnswered(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var answer = await harness.CreateClient<Sample.SampleClient>().UnaryAsync(new Note { Text = "hello" }, cancellationToken: Token);

        Assert.Equal("hello", answer.Text);
    }

    [Theory, PluginWays]
    public async Task ClientStream_InEachWay_ArrivesWhole(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var answer = await harness.GetContract<ISample>().CollectAsync(Notes("a", "b", "c"), cancellationToken: Token);

        Assert.Equal(("abc", 3), (answer.Text, answer.Number));
    }

    [Theory, PluginWays]
    public async Task ServerStream_InEachWay_ArrivesWhole(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var answers = await harness.GetContract<ISample>().RepeatAsync(new Note { Text = "a", Number = 1000 }, cancellationToken: Token).ToArrayAsync(Token);

        Assert.Equal(1000, answers.Length);
        Assert.All(answers, answer => Assert.Equal("a", answer.Text));
    }

    [Theory, PluginWays]
    public async Task Duplex_InEachWay_ArrivesInOrder(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var answers = await harness.GetContract<ISample>().BothAsync(Notes("a", "b", "c"), cancellationToken: Token).Select(note => note.Text).ToArrayAsync(Token);

        Assert.Equal(["a", "b", "c"], answers);
    }

    [Theory, PluginWays]
    public async Task Deadline_InEachWay_EndsTheCall(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var failure = await Assert.ThrowsAnyAsync<RpcException>(() => harness.GetContract<ISample>()
            .UnaryAsync(new Note { Hold = true }, new CallContext { Timeout = TimeSpan.FromMilliseconds(50) }, Token).AsTask().Within());

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Theory, PluginWays]
    public async Task Cancellation_InEachWay_EndsTheStream(PluginWay way)
    {
        await using var harness = await StartAsync(way);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in harness.GetContract<ISample>().RepeatAsync(new Note { Number = 1, Hold = true }, cancellationToken: enough.Token))
                await enough.CancelAsync();
        }).Within();
    }

    [Theory, PluginWays]
    public async Task Leaving_AStreamHalfRead_LeavesNothingOpen(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        await foreach (var note in harness.GetContract<ISample>().RepeatAsync(new Note { Number = 3, Hold = true }, cancellationToken: Token))
        {
            Assert.Equal(3, note.Number);
            break;
        }
    }

    [Theory, PluginWays]
    public async Task HostContract_InEachWay_IsCalledByThePlugin(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.AddHostContract<IDesk>(new Desk()));

        var answer = await harness.GetContract<ISample>().AskAsync(new Note { Text = "who is there" }, cancellationToken: Token);

        Assert.Equal("who is there? SamplePlugin", answer.Text);
    }

    [Theory, PluginWays]
    public async Task Settings_InEachWay_AreThePluginsConfiguration(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.Settings = new JsonObject { ["rules"] = new JsonObject { ["depth"] = 3 } });

        Assert.Equal("3", (await harness.GetContract<ISample>().ReadSettingAsync(new Note { Text = "rules:depth" }, cancellationToken: Token)).Text);
    }

    [Theory, PluginWays]
    public async Task Arguments_InEachWay_AreThePluginsConfiguration(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.Arguments.Add("--color=green"));

        Assert.Equal("green", (await harness.GetContract<ISample>().ReadSettingAsync(new Note { Text = "color" }, cancellationToken: Token)).Text);
    }

    [Theory, PluginWays]
    public async Task Contract_ThatTheHostAsksFor_IsChecked(PluginWay way)
    {
        await using var harness = await StartAsync(way, options => options.Host.AddContract<ISample>());

        Assert.True(await harness.Plugin.CheckHealthAsync(Token));
    }

    [Theory, PluginWays]
    public async Task Plugin_ThatTheTestHasStopped_PassesTheDisposal(PluginWay way)
    {
        await using var harness = await StartAsync(way);

        var exit = await harness.Plugin.StopAsync(Token).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
    }

    private static Task<PluginHarness> StartAsync(PluginWay way, Action<PluginHarnessOptions>? configure = null) => PluginHarness.StartAsync<SamplePlugin>(
        way,
        options =>
        {
            options.WriteToTestOutput();
            configure?.Invoke(options);
        },
        Token).Within();

    private static IAsyncEnumerable<Note> Notes(params string[] texts) => texts.Select(text => new Note { Text = text, Number = 1 }).ToAsyncEnumerable();

    private sealed class Desk : IDesk
    {
        public ValueTask<Note> AnswerAsync(Note request, CallContext call, CancellationToken cancellationToken) =>
            new(new Note { Text = $"{request.Text}? {call.Peer?.Replace("plugin:", "", StringComparison.Ordinal)}" });
    }
}
