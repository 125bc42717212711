using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class DirectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClassicService_IsTestedAlone()
    {
        var call = new TestServerCallContext("/echo/Both", "host", "peer", requestHeaders: new Metadata { { "tenant", "7" } });
        var responses = new TestStreamWriter<Text>();

        await new Service().Both(new TestStreamReader<Text>(new Text { Value = "a" }, new Text { Value = "b" }), responses, call).Within();

        Assert.Equal(["7a", "7b"], responses.Messages.Select(message => message.Value));
        Assert.Equal("h", call.ResponseHeaders?.GetValue("header"));
        Assert.Equal("t", call.ResponseTrailers.GetValue("trailer"));
        Assert.Equal(("/echo/Both", "host", "peer"), (call.Method, call.Host, call.Peer));
        Assert.Equal(DateTime.MaxValue, call.Deadline);
        Assert.Equal("said", call.Status.Detail);
        Assert.Equal(WriteFlags.NoCompress, call.WriteOptions?.Flags);
    }

    [Fact]
    public async Task TypedHandler_IsTestedAlone_AndItsResponseRead()
    {
        var call = new TestServerCallContext(peer: "p", deadline: DateTime.UnixEpoch, requestHeaders: new Metadata { { "tenant", "7" } });

        await new Typed().UnaryAsync(new Text(), call.Call, call.CancellationToken).AsTask().Within();

        Assert.Equal("h", call.Call.Response!.Headers.GetValue("header"));
        Assert.Equal("7", call.ResponseTrailers.GetValue("tenant"));
        Assert.Equal(("p", DateTime.UnixEpoch), (call.Call.Peer, call.Call.Deadline!.Value));
        Assert.Null(call.ResponseHeaders);
        await call.Call.Response.SendHeadersAsync().Within();
        Assert.Equal("h", call.ResponseHeaders?.GetValue("header"));
    }

    [Theory]
    [InlineData(CallCancellation.Caller)]
    [InlineData(CallCancellation.Deadline)]
    [InlineData(CallCancellation.Stopping)]
    [InlineData(CallCancellation.ConnectionLost)]
    public void Cancel_FiresTheToken_AndTellsTheFirstReason(CallCancellation reason)
    {
        var call = new TestServerCallContext();
        Assert.Equal(CallCancellation.None, call.Call.Cancellation);

        call.Cancel(reason);
        call.Cancel();

        Assert.True(call.CancellationToken.IsCancellationRequested);
        Assert.Equal(reason, call.Call.Cancellation);
    }

    [Fact]
    public void GivenToken_CancelsTheCall()
    {
        using var source = new CancellationTokenSource();
        var call = new TestServerCallContext(cancellationToken: source.Token);

        source.Cancel();

        Assert.Equal(CallCancellation.Caller, call.Call.Cancellation);
        Assert.Throws<ArgumentOutOfRangeException>(() => call.Cancel(CallCancellation.None));
    }

    [Fact]
    public async Task Headers_AreSentOnce()
    {
        var call = new TestServerCallContext();
        await call.WriteResponseHeadersAsync([]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.WriteResponseHeadersAsync([]));
    }

    [Fact]
    public async Task Reader_GivesWhatItHas_AndDisposesOfTheRest()
    {
        var disposed = false;
        var reader = new TestStreamReader<Text>(Messages());
        Assert.Throws<InvalidOperationException>(() => reader.Current);

        Assert.True(await reader.MoveNext(Token).Within());
        await reader.DisposeAsync();

        Assert.True(disposed);
        Assert.False(await reader.MoveNext(Token).Within());

        async IAsyncEnumerable<Text> Messages()
        {
            try
            {
                yield return new Text();
                await Task.Yield();
                yield return new Text();
            }
            finally
            {
                disposed = true;
            }
        }
    }

    [Fact]
    public async Task Writer_KeepsCopies_AndRefusesWhatComesAfterTheEndOrNeverEnds()
    {
        var writer = new TestStreamWriter<Text>();
        var message = new Text { Value = "before" };
        await writer.WriteAsync(message, Token);
        message.Value = "after";
        Assert.Equal("before", Assert.Single(writer.Messages).Value);

        for (var i = 1; i < TestStreamWriter<Text>.Capacity; i++)
            await writer.WriteAsync(message, Token);
        Assert.Contains("10000 messages", (await Assert.ThrowsAsync<ExpectationException>(() => writer.WriteAsync(message, Token))).Message, StringComparison.Ordinal);

        await writer.CompleteAsync();
        Assert.True(writer.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync(message, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync());
    }

    [Fact]
    public async Task Writer_ThatIsToFail_DoesSoAtItsMessage()
    {
        var writer = new TestStreamWriter<Text> { BeforeWrite = (count, _) => count == 1 ? throw new RpcException(new Status(StatusCode.Unavailable, "gone")) : Task.CompletedTask };

        await writer.WriteAsync(new Text(), Token);

        await Assert.ThrowsAsync<RpcException>(() => writer.WriteAsync(new Text(), Token));
        Assert.Single(writer.Messages);
    }

    private sealed class Service : Echo.EchoBase
    {
        public override async Task Both(IAsyncStreamReader<Text> requestStream, IServerStreamWriter<Text> responseStream, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "header", "h" } });
            context.ResponseTrailers.Add("trailer", "t");
            context.Status = new Status(StatusCode.OK, "said");
            context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
            while (await requestStream.MoveNext(context.CancellationToken))
                await responseStream.WriteAsync(new Text { Value = context.RequestHeaders.GetValue("tenant") + requestStream.Current.Value }, context.CancellationToken);
        }
    }

    private sealed class Typed : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
        {
            call.Response!.Headers.Add("header", "h");
            call.Response.Trailers.Add("tenant", call.Headers!.GetValue("tenant")!);
            return new(request);
        }
    }
}
