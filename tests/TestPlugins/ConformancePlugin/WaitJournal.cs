using System.Collections.Concurrent;
using Plugwire.Testing.Conformance.Contract;

namespace Plugwire.TestPlugins.Conformance;

/// <summary>How the waiting calls ended, by their keys.</summary>
internal sealed class WaitJournal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Observation>> _ends = new(StringComparer.Ordinal);

    public void Note(string key, Observation observation) => Of(key).TrySetResult(observation);

    public Task<Observation> EndAsync(string key, CancellationToken cancellationToken) => Of(key).Task.WaitAsync(cancellationToken);

    private TaskCompletionSource<Observation> Of(string key) =>
        _ends.GetOrAdd(key, static _ => new TaskCompletionSource<Observation>(TaskCreationOptions.RunContinuationsAsynchronously));
}
