using System.Threading.Channels;

namespace Plugwire.Interop.TypedCases;

/// <summary>Four requests, each sent when the last one has been answered.</summary>
internal sealed class TypedPingPong : InteropCase
{
    private static readonly (int Asked, int Sent)[] Rounds = [(31_415, 27_182), (9, 8), (2_653, 1_828), (58_979, 45_904)];

    public override string Name => "typed_ping_pong";

    protected override async Task RunAsync(InteropRun run)
    {
        var requests = Channel.CreateBounded<StreamingOutputCallRequest>(1);
        await using var responses = run.Contract.FullDuplexCallAsync(requests.Reader.ReadAllAsync(run.Ended), cancellationToken: run.Ended).GetAsyncEnumerator(run.Ended);
        foreach (var (asked, sent) in Rounds)
        {
            await requests.Writer.WriteAsync(Sizes.Request(asked, sent), run.Ended);
            Expect.True(await responses.MoveNextAsync(), "a response to each request", "the end of the responses");
            Expect.Size(asked, responses.Current.Payload, "a response");
        }

        requests.Writer.Complete();
        Expect.True(!await responses.MoveNextAsync(), "the end of the responses", "one more response");
    }
}
