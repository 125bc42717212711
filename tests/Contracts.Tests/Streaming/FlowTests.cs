using Google.Protobuf;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Streaming;

/// <summary>Who does not read stops who writes, and nobody waits for himself.</summary>
public sealed class FlowTests
{
    private const int MessageSize = 16 * 1024;

    [Theory]
    [EachLink(100)]
    [EachLink(MessageSize)]
    [EachLink(1_000_000)]
    public async Task Duplex_WithBothWindowsFull_GoesOnWhenTheCallerReads(Link where, int size)
    {
        await using var link = await EchoLink.StartAsync(where);
        var count = 24 * 1024 * 1024 / Math.Max(size, 5_000);
        var payload = UnsafeByteOperations.UnsafeWrap(new byte[size]);
        var requests = new TrackedRequests((index, _) => new(index < count ? new EchoRequest { Count = index, Payload = payload } : null));
        var seen = 0;

        await foreach (var reply in link.Client.DuplexAsync(requests))
        {
            if (seen == 0)
                await UntilStillAsync(requests, link);
            Assert.Equal(seen++, reply.Count);
        }

        Assert.Equal(count, seen);
        Assert.True(requests.IsDisposed);
    }

    [Theory]
    [EachLink]
    public async Task Duplex_LeftWithBothWindowsFull_EndsOnBothSides(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var requests = TrackedRequests.Endless(MessageSize);
        var ended = new Signal();
        link.Service.OnDuplex = (requests, _, _) => EachAsync(requests);

        await foreach (var reply in link.Client.DuplexAsync(requests))
        {
            await UntilStillAsync(requests, link);
            break;
        }

        Assert.True(requests.IsDisposed);
        Assert.Null(requests.Violation);
        await ended.WaitAsync();

        async IAsyncEnumerable<EchoReply> EachAsync(IAsyncEnumerable<EchoRequest> requests)
        {
            try
            {
                await foreach (var request in requests)
                    yield return ScriptedEcho.Reply(request);
            }
            finally
            {
                ended.Set();
            }
        }
    }

    [Theory]
    [EachLink]
    public async Task Handler_ThatDoesNotRead_StopsTheRequestsAndLosesNone(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var goOn = new Signal();
        link.Service.OnUpload = async (requests, _, _) =>
        {
            await goOn.WaitAsync();
            var count = 0;
            await foreach (var request in requests)
                Assert.Equal(count++, request.Count);
            return new EchoReply { Count = count };
        };
        var payload = UnsafeByteOperations.UnsafeWrap(new byte[MessageSize]);
        var requests = new TrackedRequests((index, _) => new(index < 2000 ? new EchoRequest { Count = index, Payload = payload } : null));

        var call = link.Client.UploadAsync(requests);
        await UntilStillAsync(requests, link);
        Assert.InRange(requests.Asked, 1, 1000);
        goOn.Set();

        Assert.Equal(2000, (await call.Within()).Count);
    }

    [Theory]
    [EachLink]
    public async Task Caller_ThatDoesNotRead_StopsTheHandlerAndLosesNothing(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var payload = UnsafeByteOperations.UnsafeWrap(new byte[MessageSize]);
        var written = 0;
        link.Service.OnDownload = (_, _, _) => AnswerAsync();
        await using var responses = link.Client.DownloadAsync(new EchoRequest()).GetAsyncEnumerator();

        Assert.True(await responses.MoveNextAsync().Within());
        int before;
        do
        {
            before = Volatile.Read(ref written);
            for (var i = 0; i < 10; i++)
                await link.GoRoundAsync();
        }
        while (before != Volatile.Read(ref written));
        Assert.InRange(written, 1, 3999);
        var seen = 1;
        while (await responses.MoveNextAsync().Within())
            Assert.Equal(seen++, responses.Current.Count);

        Assert.Equal(4000, seen);

        async IAsyncEnumerable<EchoReply> AnswerAsync()
        {
            for (var i = 0; i < 4000; i++)
            {
                yield return new EchoReply { Count = i, Payload = payload };
                Interlocked.Increment(ref written);
                await Task.CompletedTask;
            }
        }
    }

    // Nobody is told that a window is full: but who is stopped asks for no more.
    private static async Task UntilStillAsync(TrackedRequests requests, EchoLink link)
    {
        int before;
        do
        {
            before = requests.Asked;
            for (var i = 0; i < 5; i++)
                await link.GoRoundAsync();
        }
        while (before != requests.Asked);
    }
}
