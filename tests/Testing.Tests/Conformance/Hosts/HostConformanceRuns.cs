using System.Collections.Concurrent;

namespace Plugwire.Testing.Tests.Conformance.Hosts;

/// <summary>The runs that the tests look at, each made once: of the host that is right, and of the one that breaks a case, for each case.</summary>
public sealed class HostConformanceRuns : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    // A run of a host that is broken is waiting, for the most part.
    private readonly SemaphoreSlim _turns = new(Math.Min(2 * Environment.ProcessorCount, 6));
    private readonly ConcurrentDictionary<string, Lazy<Task<ConformanceReport>>> _runs = new(StringComparer.Ordinal);

    /// <summary>The report of all cases, of the host that is right.</summary>
    public Task<ConformanceReport> WholeAsync() => RunOnceAsync(null);

    /// <summary>The result of one case, of the host that is to fail it. The others' runs begin as well, so that they are there when they are asked for.</summary>
    public async Task<ConformanceResult> BrokenAsync(string caseId)
    {
        foreach (var other in HostConformance.Cases)
            _ = RunOnceAsync(other.Id);
        return Assert.Single((await RunOnceAsync(caseId)).Results);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var run in _runs.Values)
            await ((Task)run.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turns.Dispose();
        _end.Dispose();
    }

    private Task<ConformanceReport> RunOnceAsync(string? broken) =>
        _runs.GetOrAdd(broken ?? "", _ => new Lazy<Task<ConformanceReport>>(() => Task.Run(() => RunAsync(broken)))).Value;

    private async Task<ConformanceReport> RunAsync(string? broken)
    {
        await _turns.WaitAsync(_end.Token);
        try
        {
            // What is right gets time on a busy machine; what is broken is waited for, once it is on its way.
            var isRight = broken is null;
            var options = new HostConformanceOptions
            {
                PluginProgram = Programs.ConformanceCommand,
                Filter = broken,
                RequireCall = true,
                StartTimeout = TimeSpan.FromSeconds(isRight ? 60 : 8),
                StopTimeout = TimeSpan.FromSeconds(isRight ? 40 : 12),
                ReactionTimeout = TimeSpan.FromSeconds(isRight ? 30 : 5),
            };
            string[] arguments = isRight ? [HostConformance.PluginPlaceholder] : [HostConformance.PluginPlaceholder, "--break=" + broken];
            return await HostConformance.RunAsync(Programs.ConformanceHost, arguments, options, _end.Token);
        }
        finally
        {
            _turns.Release();
        }
    }
}
