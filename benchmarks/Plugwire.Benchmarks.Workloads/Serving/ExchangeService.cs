using Google.Protobuf;
using Grpc.Core;

namespace Plugwire.Benchmarks.Workloads.Serving;

/// <summary>The server's side by the base class that Grpc.Tools generates: the same class in our plugin and in Kestrel.</summary>
public sealed class ExchangeService : Exchange.ExchangeBase
{
    public override Task<Block> Echo(Block request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Download(DownloadRequest request, IServerStreamWriter<Block> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseStream);
        var block = new Block { Payload = UnsafeByteOperations.UnsafeWrap(new byte[request.Size]) };
        for (var sent = 0L; sent < request.Count; sent++)
            await responseStream.WriteAsync(block).ConfigureAwait(false);
    }

    public override async Task<UploadReply> Upload(IAsyncStreamReader<Block> requestStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        var received = 0L;
        while (await requestStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            received++;
        return new UploadReply { Count = received };
    }

    public override async Task PingPong(IAsyncStreamReader<Block> requestStream, IServerStreamWriter<Block> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        while (await requestStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            await responseStream.WriteAsync(requestStream.Current).ConfigureAwait(false);
    }
}
