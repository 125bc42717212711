using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Output;
using Plugwire.Hosting.Tests.Starting;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;

namespace Plugwire.Hosting.Tests.Supervising;

public sealed class PluginTests
{
    private static readonly TimeSpan Limit = Shell.Limit;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_PluginThatServes_TakesCalls()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        var answer = await plugin.CallInvoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "hello").ResponseAsync.WaitAsync(Limit, Token);

        Assert.Equal("HELLO", answer);
        Assert.Equal("fake", plugin.Name);
        Assert.Equal(1, plugin.ProtocolVersion);
        Assert.Equal(await served.Process.Launched, plugin.ProcessId);
        Assert.Equal(["health of plugin"], served.Asked);
        Assert.False(plugin.Completion.IsCompleted);
    }

    [Fact]
    public async Task Health_OfAPluginThatSaysNotServing_IsShownUntilItServesAgain()
    {
        await using var served = new ServedPlugin();
        served.Options.Health.Interval = TimeSpan.FromMilliseconds(1);
        await using var plugin = await served.StartAsync();

        served.Status = HealthCheckResponse.Types.ServingStatus.NotServing;
        var notServing = await plugin.WatchStateAsync(Token).FirstAsync(status => status.Health == PluginHealth.NotServing, Token).AsTask().WaitAsync(Limit, Token);
        served.Status = HealthCheckResponse.Types.ServingStatus.Serving;
        var serving = await plugin.WatchStateAsync(Token).FirstAsync(status => status.Health == PluginHealth.Serving, Token).AsTask().WaitAsync(Limit, Token);

        Assert.Equal((PluginState.Ready, "It answers NOT_SERVING to the question for its health."), (notServing.State, notServing.HealthProblem));
        Assert.Equal((PluginState.Ready, null, 1), (serving.State, serving.HealthProblem, serving.Launch));
    }

    [Fact]
    public async Task Health_OfAPluginThatNeverServesAgain_EndsItWhenTheOptionsSaySo()
    {
        await using var served = new ServedPlugin();
        served.Options.Health.Interval = TimeSpan.FromMilliseconds(1);
        served.Options.Health.NotServingTimeout = TimeSpan.FromMilliseconds(1);
        await using var plugin = await served.StartAsync();

        served.Status = HealthCheckResponse.Types.ServingStatus.NotServing;

        Assert.Equal((PluginExitReason.Unresponsive, PluginStopStep.Kill), await plugin.Completion.WaitAsync(Limit, Token) is var exit ? (exit.Reason, exit.StopStep) : default);
        Assert.Equal(PluginState.Faulted, plugin.State);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StopAsync_WellBehavedPlugin_EndsWhenAskedAndLeavesNothing()
    {
        await using var served = new ServedPlugin();
        var plugin = await served.StartAsync();

        var exit = await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
        Assert.Contains("shutdown", served.Asked);
        Assert.Same(exit, await plugin.Completion.WaitAsync(Limit, Token));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StopAsync_ManyTimesAtOnce_IsOneStop()
    {
        await using var served = new ServedPlugin();
        var plugin = await served.StartAsync();

        var exits = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => plugin.StopAsync(Token), Token))).WaitAsync(Limit, Token);
        await plugin.DisposeAsync();

        Assert.All(exits, exit => Assert.Same(exits[0], exit));
        Assert.Single(served.Asked, "shutdown");
    }

    [Fact]
    public async Task StopAsync_PluginThatIgnoresTheCall_IsTerminated()
    {
        await using var served = new ServedPlugin { OnShutdown = (_, _) => Task.CompletedTask };
        served.Options.DrainTimeout = TimeSpan.FromMilliseconds(200);
        served.Options.TerminateTimeout = Limit;
        var plugin = await served.StartAsync();

        var exit = await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Terminate), (exit.Reason, exit.StopStep));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StopAsync_PluginThatIgnoresAll_IsKilled()
    {
        await using var served = new ServedPlugin("trap '' TERM", "while :; do sleep 60; done")
        {
            OnShutdown = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token),
        };
        served.Options.DrainTimeout = TimeSpan.FromMilliseconds(200);
        served.Options.TerminateTimeout = TimeSpan.FromMilliseconds(200);
        var plugin = await served.StartAsync();

        var exit = await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Kill, 9), (exit.Reason, exit.StopStep, exit.Signal));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StopAsync_LogThatThrows_KillsAllTheSame()
    {
        using var sink = new GatedSink { Throws = _ => true };
        sink.Open();
        using var factory = new LoggerFactory([sink]);
        await using var served = new ServedPlugin("trap '' TERM", "while :; do sleep 60; done")
        {
            OnShutdown = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token),
        };
        served.Options.LoggerFactory = factory;
        served.Options.DrainTimeout = TimeSpan.FromMilliseconds(200);
        served.Options.TerminateTimeout = TimeSpan.FromMilliseconds(200);
        var plugin = await served.StartAsync();

        var exit = await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Kill), (exit.Reason, exit.StopStep));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StopAsync_TokenCancelledWhileThePluginDrains_KillsAtOnce()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var served = new ServedPlugin
        {
            OnShutdown = (_, token) =>
            {
                asked.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            },
        };
        served.Options.DrainTimeout = TimeSpan.FromHours(1);
        var plugin = await served.StartAsync();
        using var patience = new CancellationTokenSource();

        var stop = plugin.StopAsync(patience.Token);
        await asked.Task.WaitAsync(Limit, Token);
        await patience.CancelAsync();

        var exit = await stop.WaitAsync(Limit, Token);
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Kill), (exit.Reason, exit.StopStep));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Stop_PluginWithoutControllerAndConsole_IsAnOldPluginAndGetsTheSignal()
    {
        await using var served = new ServedPlugin(isAPlugwirePlugin: false);
        var plugin = await served.StartAsync();
        await Assert.ThrowsAsync<NotSupportedException>(() => plugin.SetMinimumLogLevelAsync(LogLevel.Debug, Token).WaitAsync(Limit, Token));

        var exit = await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Terminate, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
    }

    [Fact]
    public async Task Crash_DuringACall_FailsTheCallWithTheSignalAndTheLastWords()
    {
        await using var served = new ServedPlugin("echo 'out of cheese' >&2; " + FifoPlugin.WellBehaved);
        await using var plugin = await served.StartAsync();
        var call = plugin.CallInvoker.AsyncUnaryCall(EchoService.Hanging, null, new CallOptions(cancellationToken: Token), "x");
        await served.CallHangs.Task.WaitAsync(Limit, Token);

        ServedPlugin.Signal(plugin.ProcessId, 9);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("SIGKILL", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("out of cheese", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((PluginCallReason.PluginDied, CallExecution.MaybeExecuted), (failure.Reason, failure.Execution));
        Assert.Equal((null, 9, "out of cheese\n"), (failure.ExitCode, failure.Signal, failure.StandardErrorTail));

        var exit = await plugin.Completion.WaitAsync(Limit, Token);
        Assert.Equal((PluginExitReason.Crashed, PluginStopStep.None, 9), (exit.Reason, exit.StopStep, exit.Signal));
        Assert.Null(exit.ExitCode);
        Assert.Equal("out of cheese\n", exit.StandardErrorTail);
        Assert.Contains("SIGKILL", exit.ToString(), StringComparison.Ordinal);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Call_AfterTheEnd_FailsAtOnceAndSaysWhatHappened()
    {
        await using var served = new ServedPlugin();
        var plugin = await served.StartAsync();
        await plugin.StopAsync(Token).WaitAsync(Limit, Token);

        var call = plugin.CallInvoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "x");

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("was stopped by its host", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((PluginCallReason.StoppedByHost, CallExecution.NotSent), (failure.Reason, failure.Execution));
    }

    [Fact]
    public async Task Exit_OfItsOwnAccordWithCodeZero_IsNoCrash()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        ServedPlugin.Signal(plugin.ProcessId, 15);

        var exit = await plugin.Completion.WaitAsync(Limit, Token);
        Assert.Equal((PluginExitReason.Exited, PluginStopStep.None, 0), (exit.Reason, exit.StopStep, exit.ExitCode));
    }

    [Fact]
    public async Task Connection_LostWhileTheProcessLives_EndsThePlugin()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        await served.Server!.DisposeAsync();

        var exit = await plugin.Completion.WaitAsync(Limit, Token);
        Assert.Equal((PluginExitReason.Disconnected, PluginStopStep.Terminate), (exit.Reason, exit.StopStep));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Connection_LostWithoutAWordWhileTheProcessLives_IsToldApartFromTheEndOfThePlugin()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();
        var call = plugin.CallInvoker.AsyncUnaryCall(EchoService.Hanging, null, new CallOptions(cancellationToken: Token), "x");
        await served.CallHangs.Task.WaitAsync(Limit, Token);

        await served.CutConnectionsAsync();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal((PluginCallReason.ConnectionLost, CallExecution.MaybeExecuted), (failure.Reason, failure.Execution));
        Assert.Equal((null, null, ""), (failure.ExitCode, failure.Signal, failure.StandardErrorTail));
        Assert.Contains($"The connection to plugin 'fake' (process {plugin.ProcessId}) was lost, though its process runs", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(PluginExitReason.Disconnected, (await plugin.Completion.WaitAsync(Limit, Token)).Reason);
    }

    [Fact]
    public async Task Plugin_ThatTakesItsLeaveWhileItsProcessLives_StopsByItself()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();
        var call = plugin.CallInvoker.AsyncUnaryCall(EchoService.Hanging, null, new CallOptions(cancellationToken: Token), "x");
        await served.CallHangs.Task.WaitAsync(Limit, Token);

        await served.Server!.DisposeAsync();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal((PluginCallReason.StoppedByPlugin, CallExecution.MaybeExecuted), (failure.Reason, failure.Execution));
        Assert.Contains("The server is stopping", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"Plugin 'fake' (process {plugin.ProcessId}) is stopping and takes no more calls.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HealthCheckResponse.Types.ServingStatus.NotServing, "NOT_SERVING")]
    [InlineData(HealthCheckResponse.Types.ServingStatus.Unknown, "UNKNOWN")]
    internal async Task StartAsync_PluginThatDoesNotServe_IsRefused(HealthCheckResponse.Types.ServingStatus status, string name)
    {
        await using var served = new ServedPlugin { Status = status };

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Check, PluginStartReason.NotServing), (failure.Stage, failure.Reason));
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealthAsync_WhileItRuns_SaysWhatThePluginSays()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        Assert.True(await plugin.CheckHealthAsync(Token).WaitAsync(Limit, Token));
        served.Status = HealthCheckResponse.Types.ServingStatus.NotServing;
        Assert.False(await plugin.CheckHealthAsync(Token).WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task SetMinimumLogLevelAsync_EachLevel_ReachesThePlugin()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        foreach (var level in Enum.GetValues<LogLevel>())
            await plugin.SetMinimumLogLevelAsync(level, Token).WaitAsync(Limit, Token);

        Assert.Equal(Enum.GetNames<LogLevel>().Select(name => $"log level {name}"), served.Asked.Where(asked => asked.StartsWith("log", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Console_ThatThePluginHandsOver_IsLoggedInLines()
    {
        var log = new FakeLogCollector();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(log)));
        await using var served = new ServedPlugin();
        served.Options.LoggerFactory = factory;
        var plugin = await served.StartAsync();

        served.Console.Add(Data(StdioData.Types.Channel.Stdout, "one\ntw"), Token);
        served.Console.Add(Data(StdioData.Types.Channel.Stderr, "other\n"), Token);
        served.Console.Add(Data(StdioData.Types.Channel.Stdout, "o\r\nrest"), Token);
        served.Console.CompleteAdding();
        await WaitForAsync(log, "rest");
        await plugin.DisposeAsync();

        Assert.Equal(["one", "two", "rest"], Messages(log, "fake.stdout"));
        Assert.Equal(["other"], Messages(log, "fake.stderr"));
    }

    [Fact]
    public async Task Console_PieceLargerThanTheApplicationsLimit_IsLoggedAllTheSame()
    {
        var line = new string('x', 1000);
        var log = new FakeLogCollector();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(log)));
        await using var served = new ServedPlugin();
        served.Options.LoggerFactory = factory;
        served.Options.MaxReceiveMessageSize = 100;
        await using var plugin = await served.StartAsync();

        served.Console.Add(Data(StdioData.Types.Channel.Stdout, line + "\n"), Token);
        served.Console.Add(Data(StdioData.Types.Channel.Stdout, "end\n"), Token);
        await WaitForAsync(log, "end");

        Assert.Equal([line, "end"], Messages(log, "fake.stdout"));
    }

    [Fact]
    public async Task Interceptors_OfTheOptions_SeeTheCallsFirstOutermost()
    {
        var seen = new List<string>();
        await using var served = new ServedPlugin();
        served.Options.Interceptors.Add(new Witness("outer", seen));
        served.Options.Interceptors.Add(new Witness("inner", seen));
        await using var plugin = await served.StartAsync();

        await plugin.CallInvoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "x").ResponseAsync.WaitAsync(Limit, Token);

        Assert.Equal(["outer", "inner"], seen);
    }

    [Fact]
    public async Task CreateClient_GeneratedClient_CallsThePlugin()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();

        var answer = await CreateHealthClient(plugin).CheckAsync(new HealthCheckRequest { Service = "mine" }, cancellationToken: Token).ResponseAsync.WaitAsync(Limit, Token);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Contains("health of mine", served.Asked);
    }

    private static Health.HealthClient CreateHealthClient(Plugin plugin) => plugin.CreateClient<Health.HealthClient>();

    private static StdioData Data(StdioData.Types.Channel channel, string text) => new() { Channel = channel, Data = ByteString.CopyFromUtf8(text) };

    private static string[] Messages(FakeLogCollector log, string category) =>
        [.. log.GetSnapshot().Where(record => record.Category == category).Select(record => record.Message)];

    private static async Task WaitForAsync(FakeLogCollector log, string message)
    {
        await foreach (var record in log.GetLogsAsync(cancellationToken: Token))
        {
            if (record.Message == message)
                return;
        }
    }

    private sealed class Witness(string name, List<string> seen) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return continuation(request, context);
        }
    }
}
