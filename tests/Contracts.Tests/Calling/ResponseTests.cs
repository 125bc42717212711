using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>What travels back beside the messages, from the handler that writes it to the caller who asked to read it.</summary>
public sealed class ResponseTests
{
    [Theory]
    [EachKind]
    public async Task Response_OfACallThatEndsWell_HasHeadersTrailersAndStatus(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        Answer(link.Service, call =>
        {
            call.Response!.Headers.Add("before", "1");
            call.Response.Headers.Add("before-bin", [1, 2]);
            call.Response.Trailers.Add("after", "2");
            call.Response.StatusDetail = "all done";
        });
        var response = new CallResponse();

        await link.Client.RunAsync(kind, new CallContext { Response = response }).Within();

        Assert.Equal("1", response.Headers.GetValue("before"));
        Assert.Equal([1, 2], response.Headers.GetValueBytes("before-bin"));
        Assert.Equal("2", response.Trailers.GetValue("after"));
        Assert.Equal((StatusCode.OK, "all done"), (response.Status!.Value.StatusCode, response.StatusDetail));
    }

    [Theory]
    [EachKind]
    public async Task Response_OfACallThatFails_HasHeadersTrailersAndStatus(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        Answer(link.Service, call =>
        {
            call.Response!.Headers.Add("before", "1");
            call.Response.Trailers.Add("after", "2");
            throw new RpcException(new Status(StatusCode.DataLoss, "lost"), new Metadata { { "reason", "3" } });
        });
        var response = new CallResponse();

        await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind, new CallContext { Response = response }).Within());

        Assert.Equal("1", response.Headers.GetValue("before"));
        Assert.Equal(("2", "3"), (response.Trailers.GetValue("after"), response.Trailers.GetValue("reason")));
        Assert.Equal((StatusCode.DataLoss, "lost"), (response.Status!.Value.StatusCode, response.StatusDetail));
    }

    [Theory]
    [EachKind]
    public async Task Response_OfACallThatIsCancelled_SaysSo(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        using var cancellation = new CancellationTokenSource();
        var response = new CallResponse();

        var call = link.Client.RunAsync(kind, new CallContext { Response = response }, cancellation.Token);
        await probe.Started.WaitAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(StatusCode.Cancelled, response.Status!.Value.StatusCode);
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Headers_OfAStream_AreThereWithTheFirstMessage(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var goOn = new Signal();
        link.Service.OnDownload = (_, call, _) => AnswerAsync(call);
        link.Service.OnDuplex = (_, call, _) => AnswerAsync(call);
        var response = new CallResponse();
        var context = new CallContext { Response = response };
        var responses = kind == MethodType.ServerStreaming
            ? link.Client.DownloadAsync(new EchoRequest(), context)
            : link.Client.DuplexAsync(TrackedRequests.ThenIdle(0), context);
        var count = 0;

        await foreach (var _ in responses)
        {
            Assert.Equal("1", response.Headers.GetValue("before"));
            Assert.Equal((null, null), (response.Status, response.StatusDetail));
            count++;
            goOn.Set();
        }

        Assert.Equal((2, StatusCode.OK), (count, response.Status!.Value.StatusCode));

        async IAsyncEnumerable<EchoReply> AnswerAsync(CallContext call)
        {
            call.Response!.Headers.Add("before", "1");
            yield return new EchoReply();
            await goOn.WaitAsync();
            yield return new EchoReply();
        }
    }

    [Theory]
    [EachKind]
    public async Task Headers_SentAtOnce_LeaveBeforeTheHandlerAnswers(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var goOn = new Signal();
        Answer(link.Service, async call =>
        {
            call.Response!.Headers.Add("before", "1");
            await call.Response.SendHeadersAsync();
            await goOn.WaitAsync();
        });
        using var unary = kind == MethodType.Unary ? link.Classic.UnaryAsync(new EchoRequest()) : null;
        using var upload = kind == MethodType.ClientStreaming ? link.Classic.Upload() : null;
        using var download = kind == MethodType.ServerStreaming ? link.Classic.Download(new EchoRequest()) : null;
        using var duplex = kind == MethodType.DuplexStreaming ? link.Classic.Duplex() : null;

        var headers = await (unary?.ResponseHeadersAsync ?? upload?.ResponseHeadersAsync ?? download?.ResponseHeadersAsync ?? duplex!.ResponseHeadersAsync).Within();

        Assert.Equal("1", headers.GetValue("before"));
        goOn.Set();
        if (unary is not null)
            await unary.ResponseAsync.Within();
        if (upload is not null)
            await upload.ResponseAsync.Within();
        Assert.True(download is null || await download.ResponseStream.MoveNext(CancellationToken.None).Within());
        Assert.True(duplex is null || await duplex.ResponseStream.MoveNext(CancellationToken.None).Within());
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Headers_OfAStreamWithoutMessages_LeaveAtItsEnd(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.OnDownload = (_, call, _) => NothingAsync(call);
        link.Service.OnDuplex = (_, call, _) => NothingAsync(call);
        var response = new CallResponse();

        await link.Client.RunAsync(kind, new CallContext { Response = response }).Within();

        Assert.Equal(("1", StatusCode.OK), (response.Headers.GetValue("before"), response.Status!.Value.StatusCode));

        static async IAsyncEnumerable<EchoReply> NothingAsync(CallContext call)
        {
            call.Response!.Headers.Add("before", "1");
            await Task.CompletedTask;
            yield break;
        }
    }

    [Fact]
    public async Task Headers_SentTwice_AreRefused()
    {
        await using var link = await EchoLink.StartAsync();
        InvalidOperationException? refused = null;
        Answer(link.Service, async call =>
        {
            await call.Response!.SendHeadersAsync();
            refused = await Assert.ThrowsAsync<InvalidOperationException>(call.Response.SendHeadersAsync);
        });

        await link.Client.RunAsync(MethodType.Unary).Within();

        Assert.Contains("have left already", refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_SentAfterAMessage_AreRefused()
    {
        await using var link = await EchoLink.StartAsync();
        InvalidOperationException? refused = null;
        link.Service.OnDownload = (_, call, _) => AnswerAsync(call);

        await link.Client.RunAsync(MethodType.ServerStreaming).Within();

        Assert.Contains("with the first message", refused!.Message, StringComparison.Ordinal);

        async IAsyncEnumerable<EchoReply> AnswerAsync(CallContext call)
        {
            yield return new EchoReply();
            refused = await Assert.ThrowsAsync<InvalidOperationException>(call.Response!.SendHeadersAsync);
        }
    }

    [Fact]
    public async Task Response_OfACaller_CannotBeWritten()
    {
        var response = new CallResponse();

        Assert.Contains("is for the handler of a call", Assert.Throws<InvalidOperationException>(() => response.StatusDetail = "").Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(response.SendHeadersAsync);
    }

    [Fact]
    public async Task Response_PassedInAgain_TellsTheLastCall()
    {
        await using var link = await EchoLink.StartAsync();
        var response = new CallResponse();
        Answer(link.Service, call => call.Response!.Headers.Add("before", "1"));
        await link.Client.RunAsync(MethodType.Unary, new CallContext { Response = response }).Within();

        link.Service.FailWith(new RpcException(new Status(StatusCode.DataLoss, "lost")));
        await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(MethodType.Unary, new CallContext { Response = response }).Within());

        Assert.Equal((null, StatusCode.DataLoss), (response.Headers.GetValue("before"), response.Status!.Value.StatusCode));
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Response_OfAStreamThatIsLeft_SaysCancelled(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        HandlerProbe.In(link.Service, messagesFirst: 2);
        var response = new CallResponse();
        var context = new CallContext { Response = response };

        await foreach (var _ in kind == MethodType.ServerStreaming
            ? link.Client.DownloadAsync(new EchoRequest(), context)
            : link.Client.DuplexAsync(TrackedRequests.ThenIdle(0), context))
        {
            break;
        }

        Assert.Equal((StatusCode.Cancelled, "The caller stopped reading."), (response.Status!.Value.StatusCode, response.StatusDetail));
    }

    [Fact]
    public async Task Handler_SeesNoStatus()
    {
        await using var link = await EchoLink.StartAsync();
        Status? seen = new Status(StatusCode.Aborted, "");
        Answer(link.Service, call =>
        {
            call.Response!.StatusDetail = "mine";
            seen = call.Response.Status;
            Assert.Equal("mine", call.Response.StatusDetail);
        });

        await link.Client.RunAsync(MethodType.Unary).Within();

        Assert.Null(seen);
    }

    private static void Answer(ScriptedEcho service, Action<CallContext> write) => Answer(service, call =>
    {
        write(call);
        return Task.CompletedTask;
    });

    private static void Answer(ScriptedEcho service, Func<CallContext, Task> write)
    {
        service.OnUnary = (_, call, _) => OneAsync(call);
        service.OnUpload = (_, call, _) => OneAsync(call);
        service.OnDownload = (_, call, _) => StreamAsync(call);
        service.OnDuplex = (_, call, _) => StreamAsync(call);

        async ValueTask<EchoReply> OneAsync(CallContext call)
        {
            await write(call);
            return new EchoReply();
        }

        async IAsyncEnumerable<EchoReply> StreamAsync(CallContext call)
        {
            await write(call);
            yield return new EchoReply();
        }
    }
}
