using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A call that is cancelled before its first message.</summary>
internal sealed class CancelAfterBegin : InteropCase
{
    public override string Name => "cancel_after_begin";

    protected override async Task RunAsync(InteropRun run)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(run.Ended);
        using var call = run.Client.StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Expect.FailureAsync(call.ResponseAsync, StatusCode.Cancelled);
        Expect.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode, "The status");
    }
}
