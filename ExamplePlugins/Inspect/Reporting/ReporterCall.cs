using Examples.Inspect.Streaming;
using Examples.Inspection;
using Grpc.Core;

namespace Examples.Inspect.Reporting;

/// <summary>The client stream to the reporter, begun with its construction: findings in, one summary out.</summary>
internal sealed class ReporterCall : IFindingSink, IAsyncDisposable
{
    private readonly LendingStream<Finding> _findings = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task<Summary> _summary;

    public ReporterCall(string plugin, IReporter reporter, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _summary = SummarizeAsync(plugin, reporter, _stop.Token);
    }

    public async Task WriteAsync(Finding finding, CancellationToken cancellationToken)
    {
        if (!await _findings.SendAsync(finding, cancellationToken))
            await _summary;
    }

    /// <summary>No further finding follows: asks for the summary.</summary>
    public async Task<Summary> CompleteAsync()
    {
        _findings.Complete();
        return await _summary;
    }

    /// <summary>Ends the call, if it has not ended. What it failed with is of interest to those who write and complete.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_summary).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<Summary> SummarizeAsync(string plugin, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            var summary = await reporter.SummarizeAsync(_findings, cancellationToken: cancellationToken);
            return _findings.IsComplete ? summary : throw PluginFailure.OfEarlyEnd(plugin);
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(plugin, exception);
        }
    }
}
