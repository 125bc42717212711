using System.Collections.Concurrent;

namespace Plugwire.Testing.Tests.Conformance;

/// <summary>The runs that the tests look at, each made once: of the plugin that is right, and of the one that breaks a case, for each case.</summary>
public sealed class ConformanceRuns : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _turns = new(Math.Min(Environment.ProcessorCount, 4));
    private readonly ConcurrentDictionary<string, Lazy<Task<ConformanceReport>>> _runs = new(StringComparer.Ordinal);

    /// <summary>The report of all cases, of a plugin started with these arguments.</summary>
    public Task<ConformanceReport> WholeAsync(params string[] arguments) => RunOnceAsync(null, arguments);

    /// <summary>The result of one case, of the plugin that is to fail it. The others' runs begin as well, so that they are there when they are asked for.</summary>
    public async Task<ConformanceResult> BrokenAsync(string caseId)
    {
        foreach (var other in PluginConformance.Cases)
            _ = RunOnceAsync(other.Id, "--break=" + other.Id);
        return Assert.Single((await RunOnceAsync(caseId, "--break=" + caseId)).Results);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var run in _runs.Values)
            await ((Task)run.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turns.Dispose();
        _end.Dispose();
    }

    private Task<ConformanceReport> RunOnceAsync(string? filter, params string[] arguments) =>
        _runs.GetOrAdd($"{filter} {string.Join(' ', arguments)}", _ => new Lazy<Task<ConformanceReport>>(() => Task.Run(() => RunAsync(filter, arguments)))).Value;

    private async Task<ConformanceReport> RunAsync(string? filter, string[] arguments)
    {
        await _turns.WaitAsync(_end.Token);
        try
        {
            return await PluginConformance.RunAsync(Programs.ConformancePlugin, Options(filter, arguments), _end.Token);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static PluginConformanceOptions Options(string? filter, string[] arguments)
    {
        // What is right gets time on a busy machine; what is broken is waited for.
        var patience = TimeSpan.FromSeconds(filter is null ? 10 : 3);
        var options = new PluginConformanceOptions { Filter = filter, RequireContract = true, StopTimeout = patience, ReactionTimeout = patience };
        options.ProtocolVersions.Add(2);
        options.ProtocolVersions.Add(3);
        foreach (var argument in arguments)
            options.Arguments.Add(argument);
        return options;
    }
}
