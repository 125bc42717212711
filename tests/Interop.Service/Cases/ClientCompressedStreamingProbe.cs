using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A first request that says it is compressed, and is not, is refused.</summary>
internal sealed class ClientCompressedStreamingProbe : InteropCase
{
    public override string Name => "client_compressed_streaming_probe";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.StreamingInputCall(CompressedRequests.Options(run, compressed: false));
        await call.RequestStream.WriteAsync(CompressedRequests.Streamed(says: true, 27_182), run.Ended);
        await Expect.FailureAsync(call.ResponseAsync, StatusCode.InvalidArgument);
    }
}
