using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>Four requests, each sent when the last one has been answered.</summary>
internal sealed class PingPong : InteropCase
{
    public override string Name => "ping_pong";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.FullDuplexCall(run.CallOptions());
        foreach (var (asked, sent) in new[] { (31_415, 27_182), (9, 8), (2_653, 1_828), (58_979, 45_904) })
        {
            var request = new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = asked } }, Payload = Payloads.Create(sent) };
            await call.RequestStream.WriteAsync(request, run.Ended);
            Expect.Size(asked, (await Expect.NextAsync(call.ResponseStream, "a response to each request", run.Ended)).Payload, "a response");
        }

        await call.RequestStream.CompleteAsync();
        await Expect.EndAsync(call.ResponseStream, run.Ended);
        Expect.Equal(StatusCode.OK, call.GetStatus().StatusCode, "The status");
    }
}
