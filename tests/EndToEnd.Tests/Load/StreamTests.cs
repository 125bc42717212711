using Grpc.Core;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Load;

/// <summary>Streams that stand still hold up nobody else, keep little, and live on.</summary>
[Collection(AloneCollection.Name)]
public sealed class StreamTests : PluginTest
{
    private const int Streams = 99;
    private const int OneNote = 64 * 1024;

    // A stream's window of 256 KiB, what has left the process, and the messages that its window has room for.
    private const long MostOfAStream = 1024 * 1024;

    private static readonly string Text = new('x', OneNote);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "F22")]
    public async Task Uploads_ThatNobodyReads_HoldUpNoOtherCallAndEndWithTheirCaller()
    {
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        var stalled = Enumerable.Range(0, Streams).Select(_ => kinds.Stall()).ToList();
        var writers = stalled.ConvertAll(call => WriteUntilItEndsAsync(call.RequestStream));
        await Task.WhenAll(stalled.Select(call => call.ResponseHeadersAsync)).Within();

        await CallAsync(kinds);

        foreach (var call in stalled)
            call.Dispose();
        foreach (var writer in writers)
            Assert.InRange(await writer.Within() * OneNote, OneNote, MostOfAStream);
        await CallAsync(kinds);
    }

    [Fact]
    [Trait("Fault", "F23")]
    public async Task Downloads_ThatNobodyReads_HoldUpNoOtherCallAndKeepLittle()
    {
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        await CallAsync(kinds);
        var kept = GC.GetTotalMemory(forceFullCollection: true);
        var stalled = Enumerable.Range(0, Streams).Select(_ => kinds.ServerStream(new Note { Text = Text, Number = 10_000 })).ToList();
        foreach (var call in stalled)
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());

        await CallAsync(kinds);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - kept, long.MinValue, Streams * MostOfAStream);
        foreach (var call in stalled)
            call.Dispose();
    }

    [Fact]
    [Trait("Fault", "F24")]
    public async Task Streams_ThatIdle_LiveOnBesideTraffic()
    {
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        var idle = Enumerable.Range(0, 20).Select(_ => kinds.Duplex()).ToList();
        foreach (var call in idle)
            await EchoAsync(call, 1);

        for (var i = 0; i < 2000; i++)
            await kinds.UnaryAsync(new Note { Number = i }).ResponseAsync.Within();

        foreach (var call in idle)
        {
            await EchoAsync(call, 2);
            await call.RequestStream.CompleteAsync().Within();
            Assert.False(await call.ResponseStream.MoveNext(Token).Within());
            call.Dispose();
        }
    }

    // Messages that take much of the connection's window in both directions.
    private static async Task CallAsync(Kinds.KindsClient kinds)
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(i, (await kinds.UnaryAsync(new Note { Text = Text, Number = i }).ResponseAsync.Within()).Number);
    }

    private static async Task<int> WriteUntilItEndsAsync(IClientStreamWriter<Note> requests)
    {
        for (var written = 0; ; written++)
        {
            try
            {
                await requests.WriteAsync(new Note { Text = Text }, CancellationToken.None);
            }
            catch (RpcException)
            {
                return written;
            }
        }
    }

    private static async Task EchoAsync(AsyncDuplexStreamingCall<Note, Note> call, int number)
    {
        await call.RequestStream.WriteAsync(new Note { Number = number }, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(number, call.ResponseStream.Current.Number);
    }
}
