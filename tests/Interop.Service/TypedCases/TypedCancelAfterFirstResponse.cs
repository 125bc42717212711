using System.Threading.Channels;

namespace Plugwire.Interop.TypedCases;

/// <summary>A call that is cancelled when its first response has come.</summary>
internal sealed class TypedCancelAfterFirstResponse : InteropCase
{
    public override string Name => "typed_cancel_after_first_response";

    protected override async Task RunAsync(InteropRun run)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(run.Ended);
        var requests = Channel.CreateBounded<StreamingOutputCallRequest>(1);
        await requests.Writer.WriteAsync(Sizes.Request(31_415, 27_182), run.Ended);
        await using var responses = run.Contract
            .FullDuplexCallAsync(requests.Reader.ReadAllAsync(CancellationToken.None), cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        Expect.True(await responses.MoveNextAsync(), "a response", "the end of the responses");
        Expect.Size(31_415, responses.Current.Payload, "the response");
        await cancellation.CancelAsync();
        await Cancelled.ExpectAsync(responses.MoveNextAsync().AsTask(), cancellation.Token);
    }
}
