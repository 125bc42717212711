using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests;

/// <summary>Each kind of call, to its end.</summary>
public sealed class KindTests
{
    [Theory]
    [EachLink]
    public async Task Unary_Called_Answers(Link kind)
    {
        await using var link = await EchoLink.StartAsync(kind);

        var reply = await link.Client.UnaryAsync(new EchoRequest { Text = "one", Count = 1 }).Within();

        Assert.Equal(("one", 1), (reply.Text, reply.Count));
    }

    [Theory]
    [EachLink(0)]
    [EachLink(1)]
    [EachLink(2000)]
    public async Task Download_Enumerated_GivesAllInOrder(Link kind, int count)
    {
        await using var link = await EchoLink.StartAsync(kind);
        var seen = new List<int>();

        await foreach (var reply in link.Client.DownloadAsync(new EchoRequest { Count = count }))
            seen.Add(reply.Count);

        Assert.Equal(Enumerable.Range(0, count), seen);
    }

    [Theory]
    [EachLink(0)]
    [EachLink(1)]
    [EachLink(2000)]
    public async Task Upload_OfAnEnumerable_IsReadToItsEnd(Link kind, int count)
    {
        await using var link = await EchoLink.StartAsync(kind);

        var reply = await link.Client.UploadAsync(Requests.Range(count)).Within();

        Assert.Equal(count * (count - 1) / 2, reply.Count);
    }

    [Theory]
    [EachLink(0)]
    [EachLink(1)]
    [EachLink(2000)]
    public async Task Duplex_OfAnEnumerable_AnswersEach(Link kind, int count)
    {
        await using var link = await EchoLink.StartAsync(kind);
        var seen = new List<int>();

        await foreach (var reply in link.Client.DuplexAsync(Requests.Range(count)))
            seen.Add(reply.Count);

        Assert.Equal(Enumerable.Range(0, count), seen);
    }
}
