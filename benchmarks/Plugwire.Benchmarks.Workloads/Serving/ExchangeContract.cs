using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Plugwire.Benchmarks.Workloads.Serving;

/// <summary>The server's side by the typed contract: in a plugin, and in a host that its plugin calls back.</summary>
public sealed class ExchangeContract : IExchange
{
    public ValueTask<Block> EchoAsync(Block request, CallContext call = default, CancellationToken cancellationToken = default) => ValueTask.FromResult(request);

    public async IAsyncEnumerable<Block> DownloadAsync(DownloadRequest request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await Task.CompletedTask.ConfigureAwait(false);
        var block = new Block { Payload = UnsafeByteOperations.UnsafeWrap(new byte[request.Size]) };
        for (var sent = 0L; sent < request.Count; sent++)
            yield return block;
    }

    public async ValueTask<UploadReply> UploadAsync(IAsyncEnumerable<Block> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var received = 0L;
        await foreach (var block in requests.ConfigureAwait(false))
            received++;
        return new UploadReply { Count = received };
    }

    public async IAsyncEnumerable<Block> PingPongAsync(IAsyncEnumerable<Block> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var block in requests.ConfigureAwait(false))
            yield return block;
    }
}
