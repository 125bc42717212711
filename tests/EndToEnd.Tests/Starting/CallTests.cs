using Grpc.Core;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Starting;

public sealed class CallTests : PluginTest
{
    [Fact]
    public async Task Plugin_CalledInAllFourKindsAndStopped_AnswersAndEndsByShutdown()
    {
        await using var plugin = await StartAsync(Faulty());
        await CallAllKindsAsync(plugin.CreateClient<Kinds.KindsClient>());

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0, null), (exit.Reason, exit.StopStep, exit.ExitCode, exit.Signal));
        Assert.Equal((plugin.ProcessId, "subject", ""), (exit.ProcessId, exit.PluginName, exit.StandardErrorTail));
        Assert.Same(exit, await plugin.Completion.Within());
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_Disposed_EndsByShutdown()
    {
        var plugin = await StartAsync(Faulty());
        await CallAllKindsAsync(plugin.CreateClient<Kinds.KindsClient>());

        await plugin.DisposeAsync().Within();

        Assert.True(plugin.Completion.IsCompleted);
        var exit = await plugin.Completion;
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_StartedFromAssembly_IsRunByDotnet()
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Faulty + ".dll", "--colour=red"));

        var description = await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();

        Assert.Equal(["--colour=red"], description.Arguments);
    }

    [Fact]
    public async Task Plugin_AskedForItsHealth_Serves()
    {
        await using var plugin = await StartAsync(Faulty());

        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
        Assert.Equal(1, plugin.ProtocolVersion);
    }

    [Fact]
    public async Task Plugin_CalledAfterItsStop_IsUnavailableAndSaysWhy()
    {
        var plugin = await StartAsync(Faulty());
        await plugin.DisposeAsync().Within();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note()).ResponseAsync.Within());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal((PluginCallReason.StoppedByHost, CallExecution.NotSent), (failure.Reason, failure.Execution));
        Assert.Contains("'subject'", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("was stopped by its host", failure.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task CallAllKindsAsync(Kinds.KindsClient client)
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal("one", (await client.UnaryAsync(new Note { Text = "one" }).ResponseAsync.Within()).Text);

        using var clientStream = client.ClientStream();
        for (var i = 1; i <= 100; i++)
            await clientStream.RequestStream.WriteAsync(new Note { Text = $"note {i}", Number = i }, token).Within();
        await clientStream.RequestStream.CompleteAsync().Within();
        Assert.Equal(new Note { Text = "note 100", Number = 5050 }, await clientStream.ResponseAsync.Within());

        using var serverStream = client.ServerStream(new Note { Text = "many", Number = 100 });
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await serverStream.ResponseStream.MoveNext(token).Within());
            Assert.Equal(i, serverStream.ResponseStream.Current.Number);
        }

        Assert.False(await serverStream.ResponseStream.MoveNext(token).Within());

        using var duplex = client.Duplex();
        for (var i = 0; i < 100; i++)
        {
            await duplex.RequestStream.WriteAsync(new Note { Number = i }, token).Within();
            Assert.True(await duplex.ResponseStream.MoveNext(token).Within());
            Assert.Equal(i, duplex.ResponseStream.Current.Number);
        }

        await duplex.RequestStream.CompleteAsync().Within();
        Assert.False(await duplex.ResponseStream.MoveNext(token).Within());
    }
}
