using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Load;

/// <summary>Messages over a limit: the call hears of it, its neighbours do not.</summary>
[Collection(AloneCollection.Name)]
public sealed class LimitTests : PluginTest
{
    private const int Limit = 64 * 1024;

    // What a note takes besides its text.
    private const int Overhead = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Limit - Overhead, true)]
    [InlineData(Limit, false)]
    [InlineData(4_000_000, false)]
    [Trait("Fault", "F26")]
    public async Task Answer_AroundTheLimit_IsTakenOrRejectedBesideOtherCalls(int length, bool isTaken)
    {
        var options = Faulty();
        options.MaxReceiveMessageSize = Limit;
        await using var plugin = await StartAsync(options);
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var neighbour = await OpenNeighbourAsync(kinds);

        var call = kinds.UnaryAsync(new Note { AnswerLength = length }).ResponseAsync;

        if (isTaken)
            Assert.Equal(length, (await call.Within()).Text.Length);
        else
            await AssertRejectedAsync(call, CallExecution.MaybeExecuted);
        await AssertLivesAsync(neighbour);
    }

    [Theory]
    [InlineData(Limit - Overhead, true)]
    [InlineData(Limit, false)]
    [Trait("Fault", "F26")]
    public async Task Request_AroundTheLimit_IsSentOrRejectedBesideOtherCalls(int length, bool isSent)
    {
        var options = Faulty();
        options.MaxSendMessageSize = Limit;
        await using var plugin = await StartAsync(options);
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var neighbour = await OpenNeighbourAsync(kinds);

        var call = kinds.UnaryAsync(new Note { Text = new string('x', length) }).ResponseAsync;

        if (isSent)
            Assert.Equal(length, (await call.Within()).Text.Length);
        else
            await AssertRejectedAsync(call, CallExecution.NotSent);
        await AssertLivesAsync(neighbour);
    }

    [Fact]
    [Trait("Fault", "F50")]
    public async Task Answer_ThatUnpacksToMoreThanTheLimit_IsRejectedBeforeItIsUnpacked()
    {
        const int Unpacked = 15 * 1024 * 1024;
        var options = Faulty();
        options.MaxReceiveMessageSize = Limit;
        await using var plugin = await StartAsync(options);
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var neighbour = await OpenNeighbourAsync(kinds);
        Assert.Equal(Limit / 2, (await kinds.UnaryAsync(new Note { AnswerLength = Limit / 2, Compressed = true }).ResponseAsync.Within()).Text.Length);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);

        var call = kinds.UnaryAsync(new Note { AnswerLength = Unpacked, Compressed = true }).ResponseAsync;

        await AssertRejectedAsync(call, CallExecution.MaybeExecuted);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, Unpacked / 3);
        await AssertLivesAsync(neighbour);
    }

    [Fact]
    [Trait("Fault", "F23")]
    [Trait("Fault", "F50")]
    public async Task Answers_CompressedAndNotRead_AreKeptAsTheyCame()
    {
        const int Streams = 20;
        const int Unpacked = 1024 * 1024;
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        using var neighbour = await OpenNeighbourAsync(kinds);
        var kept = GC.GetTotalMemory(forceFullCollection: true);

        // So much, unpacked, is under way on each of them as the window lets come.
        var calls = Enumerable.Range(0, Streams).Select(_ => kinds.ServerStream(new Note { AnswerLength = Unpacked, Number = 1000, Compressed = true })).ToList();
        foreach (var call in calls)
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        for (var i = 0; i < 100; i++)
            await AssertLivesAsync(neighbour);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - kept, long.MinValue, 3L * Streams * Unpacked);
        foreach (var call in calls)
        {
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());
            Assert.Equal((Unpacked, 1), (call.ResponseStream.Current.Text.Length, call.ResponseStream.Current.Number));
            call.Dispose();
        }
    }

    private static async Task AssertRejectedAsync(Task<Note> call, CallExecution execution)
    {
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.Within());
        Assert.Equal((StatusCode.ResourceExhausted, PluginCallReason.Rejected, execution), (failure.StatusCode, failure.Reason, failure.Execution));
        Assert.Contains(Limit.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
    }

    private static async Task<AsyncDuplexStreamingCall<Note, Note>> OpenNeighbourAsync(Kinds.KindsClient kinds)
    {
        var call = kinds.Duplex();
        await AssertLivesAsync(call);
        return call;
    }

    private static async Task AssertLivesAsync(AsyncDuplexStreamingCall<Note, Note> call)
    {
        await call.RequestStream.WriteAsync(new Note { Number = 7 }, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(7, call.ResponseStream.Current.Number);
    }
}
