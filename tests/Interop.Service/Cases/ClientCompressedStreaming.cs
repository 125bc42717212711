namespace Plugwire.Interop.Cases;

/// <summary>A stream of a compressed request and one that is not.</summary>
internal sealed class ClientCompressedStreaming : InteropCase
{
    public override string Name => "client_compressed_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.StreamingInputCall(CompressedRequests.Options(run, compressed: true));
        await call.RequestStream.WriteAsync(CompressedRequests.Streamed(says: true, 27_182), run.Ended);
        call.RequestStream.WriteOptions = MessageEncoding.Options(compressed: false);
        await call.RequestStream.WriteAsync(CompressedRequests.Streamed(says: false, 45_904), run.Ended);
        await call.RequestStream.CompleteAsync();
        Expect.Equal(73_086, (await call).AggregatedPayloadSize, "The size of all requests in bytes");
    }
}
