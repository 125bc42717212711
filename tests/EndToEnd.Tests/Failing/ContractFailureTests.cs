using Grpc.Core;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Held.Contract;

namespace Plugwire.EndToEnd.Tests.Failing;

/// <summary>What ends a typed contract's calls, in all four kinds, is told to the caller in the host and to the handler in the plugin's process, while their streams idle.</summary>
public sealed class ContractFailureTests : PluginTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancellation_ByTheCaller_IsHisOwnTokenAndFiresTheHandlers()
    {
        await using var plugin = await StartAsync(Faulty());
        using var cancellation = new CancellationTokenSource();
        var calls = await HeldCalls.StartAsync(plugin, Log, cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        foreach (var (method, failure) in await calls.FailuresAsync<OperationCanceledException>())
        {
            Assert.Equal(cancellation.Token, failure.CancellationToken);
            AssertTold(Assert.IsType<PluginCallException>(failure.InnerException), PluginCallReason.Cancelled, method);
        }

        await calls.AssertHandlersToldAsync(CallCancellation.Caller);
    }

    [Theory]
    [InlineData("Watch", false)]
    [InlineData("Watch", true)]
    [InlineData("Talk", false)]
    [InlineData("Talk", true)]
    public async Task Loop_ThatIsLeft_FiresTheHandlersTokenThoughNothingMoves(string method, bool byException)
    {
        await using var plugin = await StartAsync(Faulty());
        var held = plugin.GetContract<IHeld>();
        var thrown = new InvalidDataException("of the loop");

        var loop = LeaveAsync(method == "Watch" ? held.WatchAsync(new Order()) : held.TalkAsync(OneOrder()));

        if (byException)
            Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => loop.Within()));
        else
            await loop.Within();
        await Log.EntryAsync($"{method}Async has ended: Caller.");

        async Task LeaveAsync(IAsyncEnumerable<Answer> answers)
        {
            await foreach (var _ in answers)
            {
                await Log.EntryAsync($"{method}Async waits.");
                if (byException)
                    throw thrown;
                break;
            }
        }
    }

    [Fact]
    public async Task Deadline_ThatPasses_IsToldToBothAsThat()
    {
        await using var plugin = await StartAsync(Faulty());
        var calls = await HeldCalls.StartAsync(plugin, Log, new CallContext { Timeout = TimeSpan.FromSeconds(10) });

        foreach (var (method, failure) in await calls.FailuresAsync<PluginCallException>())
        {
            Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
            AssertTold(failure, PluginCallReason.DeadlineExceeded, method);
        }

        await calls.AssertHandlersToldAsync(CallCancellation.Deadline);
    }

    [Fact]
    public async Task Stop_ByTheHost_IsToldToBothAsThat()
    {
        await using var plugin = await StartAsync(Faulty("--drain=0"));
        var calls = await HeldCalls.StartAsync(plugin, Log);

        var stop = plugin.StopAsync(Token);

        foreach (var (method, failure) in await calls.FailuresAsync<PluginCallException>())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            AssertTold(failure, PluginCallReason.StoppedByHost, method);
        }

        await calls.AssertHandlersToldAsync(CallCancellation.Stopping);
        await stop.Within();
    }

    [Fact]
    public async Task Stop_ByThePluginItself_IsToldToBothAsThat()
    {
        await using var plugin = await StartAsync(Faulty("--drain=0"));
        var calls = await HeldCalls.StartAsync(plugin, Log);

        Signals.Send(plugin.ProcessId, Signals.Terminate);

        foreach (var (method, failure) in await calls.FailuresAsync<PluginCallException>())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            AssertTold(failure, PluginCallReason.StoppedByPlugin, method);
        }

        await calls.AssertHandlersToldAsync(CallCancellation.Stopping);
        await plugin.Completion.Within();
    }

    [Fact]
    public async Task Death_OfThePlugin_IsToldWithItsSignal()
    {
        await using var plugin = await StartAsync(Faulty());
        var calls = await HeldCalls.StartAsync(plugin, Log);

        Signals.Send(plugin.ProcessId, Signals.Kill);

        foreach (var (method, failure) in await calls.FailuresAsync<PluginCallException>())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            Assert.Equal((null, Signals.Kill), (failure.ExitCode, failure.Signal));
            AssertTold(failure, PluginCallReason.PluginDied, method);
        }
    }

    [Theory]
    [InlineData(Failure.Argument, false, StatusCode.InvalidArgument, "There is no such order.")]
    [InlineData(Failure.Format, false, StatusCode.Unknown, "The handler failed: FormatException.")]
    [InlineData(Failure.Format, true, StatusCode.Unknown, "The handler failed: FormatException: The secret is 42.")]
    [InlineData(Failure.Rich, false, StatusCode.FailedPrecondition, "Not today.")]
    public async Task Exception_OfAHandler_CrossesAsTheTableSays(Failure failure, bool detailed, StatusCode expected, string detail)
    {
        await using var plugin = await StartAsync(detailed ? Faulty("--detailed=true") : Faulty());
        var held = plugin.GetContract<IHeld>();
        var calls = new (string Method, Func<Task> Run)[]
        {
            ("Ask", () => held.AskAsync(new Order { Failure = failure }).AsTask()),
            ("Pour", () => held.PourAsync(OneOrder(failure)).AsTask()),
            ("Watch", () => held.WatchAsync(new Order { Failure = failure }).FirstAsync().AsTask()),
            ("Talk", () => held.TalkAsync(OneOrder(failure)).FirstAsync().AsTask()),
        };

        foreach (var (method, run) in calls)
        {
            var told = await Assert.ThrowsAsync<PluginCallException>(() => run().Within());

            Assert.Equal((expected, detail), (told.StatusCode, told.Status.Detail));
            AssertTold(told, PluginCallReason.Status, $"/plugwire.testplugins.held.Held/{method}");
            Assert.Equal(failure == Failure.Rich ? "tomorrow" : null, told.TryGetDetail<Answer>(out var answer) ? answer.Text : null);
        }
    }

    private static void AssertTold(PluginCallException failure, PluginCallReason reason, string method) =>
        Assert.Equal(("subject", method, reason, CallExecution.MaybeExecuted), (failure.PluginName, failure.Method, failure.Reason, failure.Execution));

    private static async IAsyncEnumerable<Order> OneOrder(Failure failure = Failure.None)
    {
        await Task.CompletedTask;
        yield return new Order { Failure = failure };
    }
}
