using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A server that does not answer within the call's time of one millisecond.</summary>
internal sealed class TimeoutOnSleepingServer : InteropCase
{
    public override string Name => "timeout_on_sleeping_server";

    protected override async Task RunAsync(InteropRun run)
    {
        var deadline = (run.Options.TimeProvider.GetUtcNow() + TimeSpan.FromMilliseconds(1)).UtcDateTime;
        using var call = run.Client.FullDuplexCall(run.CallOptions().WithDeadline(deadline));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Payloads.Create(27_182) }, run.Ended);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The time may be over before the message is written, and each client's writer says so in its own way; what counts is how the call ends.
        }

        await Expect.FailureAsync(call.ResponseStream.MoveNext(run.Ended), StatusCode.DeadlineExceeded);
        Expect.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode, "The status");
    }
}
