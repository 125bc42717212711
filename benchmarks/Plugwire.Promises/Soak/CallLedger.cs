using System.Collections.Concurrent;
using Plugwire.Hosting;

namespace Plugwire.Promises.Soak;

/// <summary>The books of all calls: each is entered once when it begins and once when it ends.</summary>
internal sealed class CallLedger
{
    private static readonly HashSet<PluginCallReason> Expected =
    [
        PluginCallReason.Cancelled, PluginCallReason.DeadlineExceeded, PluginCallReason.StoppedByHost, PluginCallReason.StoppedByPlugin, PluginCallReason.PluginDied,
        PluginCallReason.ConnectionLost, PluginCallReason.Unresponsive, PluginCallReason.Restarting,
    ];

    private readonly ConcurrentDictionary<long, string> _open = new();
    private readonly ConcurrentDictionary<string, long> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _errors = new();
    private long _begun;

    public long Begun => Interlocked.Read(ref _begun);

    public long Ended => _ends.Values.Sum();

    /// <summary>How many ended how.</summary>
    public IReadOnlyDictionary<string, long> Ends => _ends;

    /// <summary>What is wrong with calls, but for those that have not ended.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The calls that have not ended.</summary>
    public IReadOnlyCollection<string> Open => [.. _open.Values];

    /// <returns>The number of the call.</returns>
    public long Begin(string what)
    {
        var number = Interlocked.Increment(ref _begun);
        _open[number] = $"call {number}, {what}";
        return number;
    }

    public void Succeed(long number) => End(number, "succeeded");

    public void Fail(long number, Exception failure)
    {
        if (failure is PluginCallException { Reason: var reason } && Expected.Contains(reason))
        {
            End(number, "failed: " + reason);
        }
        else
        {
            Complain($"call {number} failed as none should: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            End(number, "failed as none should");
        }
    }

    public void Complain(string error)
    {
        if (_errors.Count < 100)
            _errors.Enqueue(error);
    }

    private void End(long number, string how)
    {
        if (!_open.TryRemove(number, out _))
            Complain($"call {number} ended twice");
        _ends.AddOrUpdate(how, 1, static (_, count) => count + 1);
    }
}
