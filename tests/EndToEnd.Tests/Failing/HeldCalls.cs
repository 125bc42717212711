using System.Runtime.CompilerServices;
using Plugwire.Hosting;
using Plugwire.Testing;
using Plugwire.TestPlugins.Held.Contract;

namespace Plugwire.EndToEnd.Tests.Failing;

/// <summary>A call of each kind by a typed contract, all with their handlers, which wait, and nothing moves on any of them.</summary>
internal sealed class HeldCalls
{
    public static readonly IReadOnlyList<string> Methods = ["Ask", "Pour", "Watch", "Talk"];

    private readonly RecordedLogs _log;
    private readonly TaskCompletionSource[] _sources = [new(), new()];
    private readonly Task[] _calls;

    private HeldCalls(IHeld held, RecordedLogs log, CallContext call, CancellationToken cancellationToken)
    {
        _log = log;
        _calls =
        [
            held.AskAsync(new Order(), call, cancellationToken).AsTask(),
            held.PourAsync(Orders(_sources[0], CancellationToken.None), call, cancellationToken).AsTask(),
            ReadAsync(held.WatchAsync(new Order(), call, cancellationToken)),
            ReadAsync(held.TalkAsync(Orders(_sources[1], CancellationToken.None), call, cancellationToken)),
        ];
    }

    public static async Task<HeldCalls> StartAsync(Plugin plugin, RecordedLogs log, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var calls = new HeldCalls(plugin.GetContract<IHeld>(), log, call, cancellationToken);
        foreach (var method in Methods)
            await log.EntryAsync($"{method}Async waits.");
        return calls;
    }

    /// <summary>What each call has failed with. Their enumerables of requests have ended too.</summary>
    public async Task<IReadOnlyList<(string Method, TFailure Failure)>> FailuresAsync<TFailure>()
        where TFailure : Exception
    {
        var failures = new List<(string, TFailure)>();
        for (var i = 0; i < _calls.Length; i++)
            failures.Add(($"/plugwire.testplugins.held.Held/{Methods[i]}", await Assert.ThrowsAsync<TFailure>(() => _calls[i].Within())));
        foreach (var source in _sources)
            await source.Task.Within();
        return failures;
    }

    /// <summary>Expects that each handler in the plugin has heard why.</summary>
    public async Task AssertHandlersToldAsync(CallCancellation reason)
    {
        foreach (var method in Methods)
        {
            var entry = await _log.EntryAsync(entry => entry.Message.StartsWith($"{method}Async has ended", StringComparison.Ordinal));
            Assert.Equal($"{method}Async has ended: {reason}.", entry.Message);
        }
    }

    private static async IAsyncEnumerable<Order> Orders(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return new Order();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<Answer> answers)
    {
        await foreach (var answer in answers)
            Assert.Equal("first", answer.Text);
    }
}
