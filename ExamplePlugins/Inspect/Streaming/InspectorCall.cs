using System.Threading.Channels;
using Examples.Inspection;
using Grpc.Core;
using Plugwire;

namespace Examples.Inspect.Streaming;

/// <summary>One duplex call to one inspector, begun with its construction: chunks go in, findings come out.</summary>
internal sealed class InspectorCall
{
    private readonly LendingStream<FileChunk> _chunks = new();

    public InspectorCall(NamedInspector inspector, ChannelWriter<Finding> findings, CancellationToken cancellationToken) =>
        Reading = ReadAsync(inspector, findings, cancellationToken);

    /// <summary>Passes the findings on; ends with the call, and fails as the call does.</summary>
    public Task Reading { get; }

    /// <summary>Ends when the plugin has room for more. The chunk's bytes may be used again then: they were serialised.</summary>
    public async Task SendAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        if (!await _chunks.SendAsync(chunk, cancellationToken))
            await Reading;
    }

    /// <summary>No further chunk follows.</summary>
    public void Complete() => _chunks.Complete();

    private async Task ReadAsync(NamedInspector inspector, ChannelWriter<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var finding in inspector.Inspector.InspectAsync(_chunks, new CallContext { WaitForReady = true }, cancellationToken))
                await findings.WriteAsync(finding, cancellationToken);
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(inspector.Name, exception);
        }

        if (!_chunks.IsComplete)
            throw PluginFailure.OfEarlyEnd(inspector.Name);
    }
}
