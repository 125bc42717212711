using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A call that is cancelled when its first response has come.</summary>
internal sealed class CancelAfterFirstResponse : InteropCase
{
    public override string Name => "cancel_after_first_response";

    protected override async Task RunAsync(InteropRun run)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(run.Ended);
        using var call = run.Client.FullDuplexCall(cancellationToken: cancellation.Token);
        var request = new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 31_415 } }, Payload = Payloads.Create(27_182) };
        await call.RequestStream.WriteAsync(request, run.Ended);
        Expect.Size(31_415, (await Expect.NextAsync(call.ResponseStream, "a response", run.Ended)).Payload, "the response");
        await cancellation.CancelAsync();
        await Expect.FailureAsync(call.ResponseStream.MoveNext(run.Ended), StatusCode.Cancelled);
        Expect.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode, "The status");
    }
}
