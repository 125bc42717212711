namespace Plugwire.Interop.Cases;

/// <summary>Four requests, one response.</summary>
internal sealed class ClientStreaming : InteropCase
{
    public override string Name => "client_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.StreamingInputCall(run.CallOptions());
        foreach (var size in new[] { 27_182, 8, 1_828, 45_904 })
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Payloads.Create(size) }, run.Ended);
        await call.RequestStream.CompleteAsync();
        Expect.Equal(74_922, (await call).AggregatedPayloadSize, "The size of all requests in bytes");
    }
}
