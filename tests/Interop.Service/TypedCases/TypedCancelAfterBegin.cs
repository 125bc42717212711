using System.Threading.Channels;

namespace Plugwire.Interop.TypedCases;

/// <summary>A call that is cancelled before its first message.</summary>
internal sealed class TypedCancelAfterBegin : InteropCase
{
    public override string Name => "typed_cancel_after_begin";

    protected override async Task RunAsync(InteropRun run)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(run.Ended);
        var requests = Channel.CreateBounded<StreamingInputCallRequest>(1);
        var call = run.Contract.StreamingInputCallAsync(requests.Reader.ReadAllAsync(CancellationToken.None), cancellationToken: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Cancelled.ExpectAsync(call, cancellation.Token);
    }
}
