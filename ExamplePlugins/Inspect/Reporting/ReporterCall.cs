using Examples.Inspect.Streaming;
using Examples.Inspection;
using Grpc.Core;

namespace Examples.Inspect.Reporting;

/// <summary>The client stream to the reporter: findings in, one summary out.</summary>
internal sealed class ReporterCall : IFindingSink, IDisposable
{
    private readonly string _plugin;
    private readonly AsyncClientStreamingCall<Finding, Summary> _call;

    public ReporterCall(string plugin, Reporter.ReporterClient reporter, CancellationToken cancellationToken)
    {
        _plugin = plugin;
        _call = reporter.Summarize(cancellationToken: cancellationToken);
    }

    public async Task WriteAsync(Finding finding, CancellationToken cancellationToken)
    {
        try
        {
            await _call.RequestStream.WriteAsync(finding, cancellationToken);
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(_plugin, exception, cancellationToken);
        }
    }

    /// <summary>No further finding follows: asks for the summary.</summary>
    public async Task<Summary> CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _call.RequestStream.CompleteAsync();
            return await _call.ResponseAsync;
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(_plugin, exception, cancellationToken);
        }
    }

    public void Dispose() => _call.Dispose();
}
