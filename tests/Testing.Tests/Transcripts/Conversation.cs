using System.Threading.Channels;
using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Transcripts;

/// <summary>What the tests' caller says.</summary>
internal static class Conversation
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<PluginHarness> StartAsync(TranscriptRecorder recorder) => PluginHarness.StartAsync(
        plugin => plugin.AddContract<IEcho, TalkHandler>(), PluginWay.Memory,
        options =>
        {
            options.WriteToTestOutput();
            options.Host.Interceptors.Add(recorder);
        },
        Token);

    /// <summary>All kinds of calls, one after the other.</summary>
    public static async Task HoldAsync(IEcho echo)
    {
        await echo.UnaryAsync(new Text { Value = "Ada" }, new CallContext { Headers = new Metadata { { "x-tenant", "blue" }, { "traceparent", Guid.NewGuid().ToString() } } }, Token).AsTask().Within();
        await Assert.ThrowsAnyAsync<RpcException>(() => echo.UnaryAsync(new Text { Value = "nobody" }, cancellationToken: Token).AsTask().Within());
        await echo.CollectAsync(new[] { "a", "b" }.ToMessages(), cancellationToken: Token).AsTask().Within();
        await foreach (var _ in echo.RepeatAsync(new Text { Value = "again" }, cancellationToken: Token))
        {
            // All of it.
        }

        await PingPongAsync(echo, "one", "two");
    }

    /// <summary>Says the next when the answer is there.</summary>
    public static async Task PingPongAsync(IEcho echo, params string[] words)
    {
        var requests = Channel.CreateUnbounded<Text>();
        await using var answers = echo.BothAsync(requests.Reader.ReadAllAsync(Token), cancellationToken: Token).GetAsyncEnumerator(Token);
        foreach (var word in words)
        {
            requests.Writer.TryWrite(new Text { Value = word });
            Assert.True(await answers.MoveNextAsync().AsTask().Within());
        }

        requests.Writer.Complete();
        Assert.False(await answers.MoveNextAsync().AsTask().Within());
    }

    private static async IAsyncEnumerable<Text> ToMessages(this IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            yield return new Text { Value = word };
            await Task.Yield();
        }
    }
}
