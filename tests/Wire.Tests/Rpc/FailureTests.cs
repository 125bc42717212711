using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>How a handler's failure arrives at the caller.</summary>
public sealed class FailureTests
{
    public static TheoryData<StatusCode> Codes => new(Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK));

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task RpcException_OfTheHandler_ArrivesWithCodeDetailAndTrailers(StatusCode code)
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.Do(_ => throw new RpcException(new Status(code, $"Because of {code}."), new Metadata { { "reason", "r1" }, { "reason-bin", [1, 2, 3] } }));

        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(pair.Client, kind);
            var failure = await call.FailureAsync();

            Assert.Equal(code, failure.StatusCode);
            Assert.Equal($"Because of {code}.", failure.Status.Detail);
            Assert.Equal("r1", failure.Trailers.GetValue("reason"));
            Assert.Equal([1, 2, 3], failure.Trailers.GetValueBytes("reason-bin"));
            Assert.Equal(code, call.Status.StatusCode);
        }
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task RpcException_AfterMessages_ComesBehindThem(MethodType kind)
    {
        foreach (var code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            await using var pair = await RpcPair.StartAsync();
            pair.Service.OnServerStream = (_, replies, _) => AnswerThenFailAsync(replies, code);
            pair.Service.OnDuplex = (_, replies, _) => AnswerThenFailAsync(replies, code);
            using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
            using var download = kind == MethodType.ServerStreaming ? pair.Client.ServerStream(new EchoRequest()) : null;
            var replies = duplex?.ResponseStream ?? download!.ResponseStream;

            // All has come before the first is read: a failure must not take away what came before it.
            await pair.GoRoundAsync();
            for (var i = 0; i < 3; i++)
                Assert.True(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            var failure = await Assert.ThrowsAsync<RpcException>(() => replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

            Assert.Equal(code, failure.StatusCode);
        }

        static async Task AnswerThenFailAsync(IServerStreamWriter<EchoReply> replies, StatusCode code)
        {
            for (var i = 0; i < 3; i++)
                await replies.WriteAsync(new EchoReply());
            throw new RpcException(new Status(code, "enough"));
        }
    }

    [Fact]
    public async Task RpcException_WithTheContextsOwnTrailers_ArrivesWithThem()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.Do(context =>
        {
            context.ResponseTrailers.Add("reason", "own");
            throw new RpcException(new Status(StatusCode.NotFound, "gone"), context.ResponseTrailers);
        });

        var failure = await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync();

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Single(failure.Trailers, entry => entry.Key == "reason");
    }

    [Fact]
    public async Task ContextStatus_SetByTheHandler_IsTheCallsStatus()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.Do(context =>
        {
            context.Status = new Status(StatusCode.Aborted, "set");
            context.ResponseTrailers.Add("also", "trailers");
            return Task.CompletedTask;
        });

        foreach (var kind in Enum.GetValues<MethodType>())
        {
            var failure = await OpenCall.Start(pair.Client, kind).FailureAsync();
            Assert.Equal((StatusCode.Aborted, "set", "trailers"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("also")));
        }
    }

    [Theory]
    [InlineData(false, "The handler failed: FormatException.")]
    [InlineData(true, "The handler failed: FormatException: The secret is 42.")]
    public async Task AnyOtherException_OfTheHandler_IsUnknownAndTellsItsMessageOnlyWhenAsked(bool detailed, string expected)
    {
        await using var pair = await RpcPair.StartAsync(logger => new RpcServerOptions { Logger = logger, DetailedErrors = detailed });
        pair.ExpectsErrors = true;
        pair.Service.Do(_ => throw new FormatException("The secret is 42."));

        foreach (var kind in Enum.GetValues<MethodType>())
        {
            var failure = await OpenCall.Start(pair.Client, kind).FailureAsync();
            Assert.Equal((StatusCode.Unknown, expected), (failure.StatusCode, failure.Status.Detail));
        }

        var errors = pair.Logs.GetSnapshot().Where(record => record.Level == LogLevel.Error).ToList();
        Assert.Equal(4, errors.Count);
        Assert.All(errors, error => Assert.IsType<FormatException>(error.Exception));
    }

    [Fact]
    public async Task Cancellation_ThrownByAHandlerThatNobodyCancelled_IsUnknown()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.ExpectsErrors = true;
        pair.Service.Do(_ => throw new OperationCanceledException("of another matter"));

        Assert.Equal(StatusCode.Unknown, (await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    public async Task Null_AsTheResponse_IsUnknown(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        pair.ExpectsErrors = true;
        pair.Service.OnUnary = (_, _) => Task.FromResult<EchoReply>(null!);
        pair.Service.OnClientStream = (_, _) => Task.FromResult<EchoReply>(null!);

        Assert.Equal(StatusCode.Unknown, (await OpenCall.Start(pair.Client, kind).FailureAsync()).StatusCode);
        Assert.Contains(pair.Logs.GetSnapshot(), record => record.Exception?.Message.Contains("answered null", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    [Trait("gRPC", "path of a request")]
    public async Task Method_ThatIsNotServed_IsUnimplementedAndNamed(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync(bind: static (_, _) => { });

        var failure = await OpenCall.Start(pair.Client, kind).FailureAsync();

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("/plugwire.wire.tests.Echo/", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedCalls_ThatNobodyLooksAt_LeaveNoUnobservedException()
    {
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> note = (_, args) =>
        {
            if (args.Exception.InnerExceptions.Any(inner => inner is RpcException { Status.Detail: "nobody looks" }))
                unobserved.Add(args.Exception);
        };
        TaskScheduler.UnobservedTaskException += note;
        try
        {
            await FailUnseenAsync();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= note;
        }

        Assert.Empty(unobserved);

        static async Task FailUnseenAsync()
        {
            await using var pair = await RpcPair.StartAsync();
            pair.Service.Do(_ => throw new RpcException(new Status(StatusCode.Aborted, "nobody looks")));
            var request = new EchoRequest();
            _ = pair.Client.UnaryAsync(request);
            _ = pair.Client.UnaryAsync(request).ResponseHeadersAsync;
            _ = pair.Client.ServerStream(request);
            _ = pair.Client.ServerStream(request).ResponseHeadersAsync;
            _ = pair.Client.ClientStream();
            _ = pair.Client.Duplex();
            await pair.GoRoundAsync();

            // Asked for when the call has ended already.
            var late = pair.Client.ServerStream(request);
            await Assert.ThrowsAsync<RpcException>(() => late.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            _ = late.ResponseHeadersAsync;
        }
    }
}
