namespace Plugwire.Interop.Cases;

/// <summary>Requests that are answered when the last has come.</summary>
internal sealed class HalfDuplex : InteropCase
{
    public override string Name => "half_duplex";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.HalfDuplexCall(run.CallOptions());
        foreach (var size in new[] { 9, 58_979 })
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = size } } }, run.Ended);
        await call.RequestStream.CompleteAsync();
        foreach (var size in new[] { 9, 58_979 })
            Expect.Size(size, (await Expect.NextAsync(call.ResponseStream, "two responses", run.Ended)).Payload, "a response");
        await Expect.EndAsync(call.ResponseStream, run.Ended);
    }
}
