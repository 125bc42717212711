using System.Threading.Channels;
using Examples.Inspection;
using Grpc.Core;

namespace Examples.Inspect.Streaming;

/// <summary>One duplex call to one inspector: chunks go in, findings come out.</summary>
internal sealed class InspectorCall : IDisposable
{
    private readonly string _plugin;
    private readonly AsyncDuplexStreamingCall<FileChunk, Finding> _call;

    public InspectorCall(string plugin, Inspector.InspectorClient inspector, CancellationToken cancellationToken)
    {
        _plugin = plugin;
        _call = inspector.Inspect(cancellationToken: cancellationToken);
    }

    /// <summary>Ends when the plugin has room for more. The chunk's bytes may be used again then: they were serialised.</summary>
    public async Task WriteAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            await _call.RequestStream.WriteAsync(chunk, cancellationToken);
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(_plugin, exception, cancellationToken);
        }
    }

    /// <summary>No further chunk follows.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _call.RequestStream.CompleteAsync();
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(_plugin, exception, cancellationToken);
        }
    }

    /// <summary>Passes the findings on until the plugin has answered the last chunk.</summary>
    public async Task ReadFindingsAsync(ChannelWriter<Finding> findings, CancellationToken cancellationToken)
    {
        while (await MoveNextAsync(cancellationToken))
            await findings.WriteAsync(_call.ResponseStream.Current, cancellationToken);
    }

    public void Dispose() => _call.Dispose();

    private async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _call.ResponseStream.MoveNext(cancellationToken);
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(_plugin, exception, cancellationToken);
        }
    }
}
