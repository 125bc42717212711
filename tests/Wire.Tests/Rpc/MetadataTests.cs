using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Headers and trailers, there and back.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Metadata_InEveryDirection_ArrivesAsItWasSent()
    {
        await using var pair = await RpcPair.StartAsync();
        var sent = new Metadata { { "text", "a value, with: signs; \"~" }, { "empty", "" }, { "twice", "1" }, { "twice", "2" }, { "UPPER", "x" } };
        for (var length = 0; length < 5; length++)
            sent.Add($"bytes{length}-bin", Enumerable.Range(250, length).Select(value => unchecked((byte)value)).ToArray());
        Metadata? seen = null;
        pair.Service.OnUnary = async (_, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(sent);
            foreach (var entry in sent)
                context.ResponseTrailers.Add(entry);
            return new EchoReply();
        };

        using var call = pair.Client.UnaryAsync(new EchoRequest(), sent);
        await call.ResponseAsync.WaitAsync(RpcPair.Limit);

        AssertHolds(sent, seen!);
        AssertHolds(sent, await call.ResponseHeadersAsync.WaitAsync(RpcPair.Limit));
        AssertHolds(sent, call.GetTrailers());
    }

    [Fact]
    [Trait("gRPC", "base64 of -bin metadata")]
    public async Task BinaryValues_AsPeersSendThem_PaddedOrNotOrJoined_AreRead()
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        Metadata? seen = null;
        service.Do(context =>
        {
            seen = context.RequestHeaders;
            return Task.CompletedTask;
        });

        var call = peer.Open();
        call.Send(RawPeer.Request("Unary", ("a-bin", "AQ=="), ("b-bin", "AQ"), ("c-bin", "AQI="), ("d-bin", "AQI,AQID, AQ==")), RawPeer.Message([]), endStream: true);
        Assert.Equal("0", (await call.EndAsync())["grpc-status"]);

        Assert.Equal([1], seen!.GetValueBytes("a-bin"));
        Assert.Equal([1], seen!.GetValueBytes("b-bin"));
        Assert.Equal([1, 2], seen!.GetValueBytes("c-bin"));
        Assert.Equal<byte[]>([[1, 2], [1, 2, 3], [1]], seen!.GetAll("d-bin").Select(entry => entry.ValueBytes));
    }

    [Fact]
    [Trait("gRPC", "base64 of -bin metadata")]
    public async Task BinaryValue_ThatIsNotBase64_IsInternalAndNamedOnBothSides()
    {
        var (caller, _) = await RawPeer.CallAsync();
        await using var first = caller;
        var (server, client) = await RawPeer.ServeAsync();
        await using var second = server;

        var call = caller.Open();
        call.Send(RawPeer.Request("Unary", ("odd-bin", "*")), RawPeer.Message([]), endStream: true);
        var end = await call.EndAsync();
        Assert.Equal("13", end["grpc-status"]);
        Assert.Contains("'odd-bin'", end["grpc-message"], StringComparison.Ordinal);

        using var answered = OpenCall.Start(client, MethodType.Unary);
        (await server.AcceptAsync()).Send(RawPeer.Response(("odd-bin", "*")), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", "0")));
        var failure = await answered.FailureAsync();
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Contains("'odd-bin'", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a!b")]
    [InlineData("a$")]
    [InlineData("it's")]
    [InlineData("odd|-bin")]
    [Trait("Fuzzing", "what it found")]
    public async Task Name_ThatIsOneOfHttpAndNoneOfMetadata_IsPassedOverOnBothSides(string name)
    {
        var (caller, service) = await RawPeer.CallAsync();
        await using var first = caller;
        var (server, client) = await RawPeer.ServeAsync();
        await using var second = server;
        Metadata? seen = null;
        service.Do(context =>
        {
            seen = context.RequestHeaders;
            return Task.CompletedTask;
        });

        var call = caller.Open();
        call.Send(RawPeer.Request("Unary", (name, "*"), ("kept", "1")), RawPeer.Message([]), endStream: true);
        Assert.Equal("0", (await call.EndAsync())["grpc-status"]);
        Assert.Equal(["kept"], seen!.Select(entry => entry.Key));

        using var answered = client.UnaryAsync(new EchoRequest());
        (await server.AcceptAsync()).Send(RawPeer.Response((name, "*"), ("kept", "1")), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", "0"), (name, "*"), ("too", "2")));
        await answered.ResponseAsync.WaitAsync(RpcPair.Limit);
        Assert.Equal(["kept"], (await answered.ResponseHeadersAsync.WaitAsync(RpcPair.Limit)).Select(entry => entry.Key));
        Assert.Equal(["too"], answered.GetTrailers().Select(entry => entry.Key));
    }

    [Theory]
    [InlineData("grpc-status")]
    [InlineData("grpc-message")]
    [InlineData("grpc-timeout")]
    [InlineData("grpc-encoding")]
    [InlineData("content-type")]
    [InlineData("te")]
    [InlineData("connection")]
    [InlineData("transfer-encoding")]
    [InlineData("content-length")]
    [Trait("gRPC", "reserved names of metadata")]
    public async Task ReservedName_AsMetadata_IsNotSentEitherWay(string name)
    {
        await using var pair = await RpcPair.StartAsync();
        var sent = new Metadata { { name, "7" }, { "beside", "it" } };
        Metadata? seen = null;
        pair.Service.OnUnary = async (_, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(sent);
            context.ResponseTrailers.Add(name, "7");
            return new EchoReply();
        };

        using var call = pair.Client.UnaryAsync(new EchoRequest(), sent);
        await call.ResponseAsync.WaitAsync(RpcPair.Limit);

        Assert.DoesNotContain(seen!, entry => entry.Key == name);
        Assert.Equal("it", seen!.GetValue("beside"));
        Assert.DoesNotContain(await call.ResponseHeadersAsync.WaitAsync(RpcPair.Limit), entry => entry.Key == name);
        Assert.DoesNotContain(call.GetTrailers(), entry => entry.Key == name);
    }

    [Theory]
    [InlineData("grüße")]
    [InlineData("世界")]
    [InlineData("line\nbreak")]
    [InlineData("zero\0")]
    public async Task Value_ThatIsNotPrintableAscii_IsRefusedWhereItIsSet(string value)
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnUnary = async (_, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "answer", value } });
            return new EchoReply();
        };

        var asked = await Assert.ThrowsAsync<RpcException>(() =>
            pair.Client.UnaryAsync(new EchoRequest(), new Metadata { { "question", value } }).ResponseAsync.WaitAsync(RpcPair.Limit));
        var answered = await Assert.ThrowsAsync<RpcException>(() => pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit));

        Assert.Equal(StatusCode.Internal, asked.StatusCode);
        Assert.Contains("'question'", asked.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Internal, answered.StatusCode);
        Assert.Contains("'answer'", answered.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_ThatCannotBeSent_AreLeftOutAndTheStatusArrives()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnUnary = (_, context) =>
        {
            context.ResponseTrailers.Add("mood", "世界");
            throw new RpcException(new Status(StatusCode.NotFound, "Nothing there."));
        };

        var failure = await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync();

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Contains("'mood'", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("Nothing there.", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ResponseHeaders_WrittenByTheHandler_ArriveBeforeAnyMessage(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var goOn = new Signal();
        pair.Service.Do(async context =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "yes" } });
            await goOn.WaitAsync();
        });

        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
        using var download = kind == MethodType.ServerStreaming ? pair.Client.ServerStream(new EchoRequest()) : null;
        var headers = await (duplex?.ResponseHeadersAsync ?? download!.ResponseHeadersAsync).WaitAsync(RpcPair.Limit);
        goOn.Set();

        Assert.Equal("yes", headers.GetValue("early"));
        var replies = duplex?.ResponseStream ?? download!.ResponseStream;
        Assert.False(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task ResponseHeaders_WrittenTwice_AreRefusedTheSecondTime()
    {
        await using var pair = await RpcPair.StartAsync();
        Exception? second = null;
        pair.Service.OnUnary = async (request, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            second = await Record.ExceptionAsync(() => context.WriteResponseHeadersAsync([]));
            return ScriptedEcho.Reply(request);
        };

        await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit);

        Assert.IsType<InvalidOperationException>(second);
    }

    [Fact]
    [Trait("gRPC", "trailers-only")]
    public async Task ResponseOfTrailersAlone_OfAStreamWithoutMessages_HasEmptyHeaders()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.Do(context =>
        {
            context.ResponseTrailers.Add("only", "trailers");
            return Task.CompletedTask;
        });

        using var call = pair.Client.ServerStream(new EchoRequest());
        var headers = call.ResponseHeadersAsync;
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        Assert.Empty(await headers.WaitAsync(RpcPair.Limit));
        Assert.Equal("trailers", call.GetTrailers().GetValue("only"));
    }

    [Fact]
    [Trait("gRPC", "header size limit")]
    public async Task Metadata_OverTheClientsLimit_IsRefusedWithLimitAndSizeBesideOtherCalls()
    {
        await using var pair = await RpcPair.StartAsync();
        await BesideOthersAsync(pair, async () =>
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() =>
                pair.Client.UnaryAsync(new EchoRequest(), Large(17 * 1024)).ResponseAsync.WaitAsync(RpcPair.Limit));
            AssertNamesLimitAndSize(failure, 16 * 1024);
        });
    }

    [Theory]
    [InlineData(17)]
    [InlineData(200)]
    [Trait("gRPC", "header size limit")]
    public async Task Metadata_OverTheServersLimit_IsRefusedWithLimitAndSizeBesideOtherCalls(int kibibytes)
    {
        await using var pair = await RpcPair.StartAsync(clientOptions: logger => new RpcClientOptions { Logger = logger, MaxMetadataSize = 1024 * 1024 });
        await BesideOthersAsync(pair, async () =>
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() =>
                pair.Client.UnaryAsync(new EchoRequest(), Large(kibibytes * 1024)).ResponseAsync.WaitAsync(RpcPair.Limit));
            AssertNamesLimitAndSize(failure, 16 * 1024);
        });
    }

    [Theory]
    [InlineData(17, false)]
    [InlineData(200, false)]
    [InlineData(17, true)]
    [InlineData(200, true)]
    [Trait("Fault", "F26")]
    [Trait("gRPC", "header size limit")]
    public async Task ResponseHeaders_OverTheLimit_AreRefusedWithLimitAndSizeBesideOtherCalls(int kibibytes, bool serverTakesMore)
    {
        await using var pair = await RpcPair.StartAsync(logger => new RpcServerOptions { Logger = logger, MaxMetadataSize = serverTakesMore ? 1024 * 1024 : 16 * 1024 });
        await BesideOthersAsync(pair, async () =>
        {
            pair.Service.OnClientStream = async (_, context) =>
            {
                await context.WriteResponseHeadersAsync(Large(kibibytes * 1024));
                return new EchoReply();
            };
            AssertNamesLimitAndSize(await OpenCall.Start(pair.Client, MethodType.ClientStreaming).FailureAsync(), 16 * 1024);
        });
    }

    [Theory]
    [InlineData(17, false)]
    [InlineData(200, false)]
    [InlineData(17, true)]
    [InlineData(200, true)]
    [Trait("Fault", "F26")]
    [Trait("gRPC", "header size limit")]
    public async Task Trailers_OverTheLimit_AreLeftOutWithLimitAndSizeBesideOtherCalls(int kibibytes, bool serverTakesMore)
    {
        await using var pair = await RpcPair.StartAsync(logger => new RpcServerOptions { Logger = logger, MaxMetadataSize = serverTakesMore ? 1024 * 1024 : 16 * 1024 });
        await BesideOthersAsync(pair, async () =>
        {
            pair.Service.Do(context =>
            {
                foreach (var entry in Large(kibibytes * 1024))
                    context.ResponseTrailers.Add(entry);
                return Task.CompletedTask;
            });
            foreach (var kind in Enum.GetValues<MethodType>())
                AssertNamesLimitAndSize(await OpenCall.Start(pair.Client, kind).FailureAsync(), 16 * 1024);
        });
    }

    // A duplex call goes on while something else goes wrong beside it.
    private static async Task BesideOthersAsync(RpcPair pair, Func<Task> act)
    {
        using var neighbour = pair.Client.Duplex();
        await PingAsync();
        await act();
        await PingAsync();
        await neighbour.RequestStream.CompleteAsync();
        Assert.False(await neighbour.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        async Task PingAsync()
        {
            await neighbour.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit);
            Assert.True(await neighbour.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        }
    }

    private static Metadata Large(int size) => new() { { "large", new string('x', size) } };

    private static void AssertNamesLimitAndSize(RpcException failure, int limit)
    {
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Matches($@"take[s]? \d+ bytes, the limit is {limit} bytes", failure.Status.Detail);
    }

    private static void AssertHolds(Metadata expected, Metadata actual)
    {
        foreach (var name in expected.Select(entry => entry.Key).Distinct())
        {
            var wanted = expected.GetAll(name).ToList();
            var found = actual.GetAll(name).ToList();
            Assert.Equal(wanted.Count, found.Count);
            for (var i = 0; i < wanted.Count; i++)
                Assert.Equal(wanted[i].ValueBytes, found[i].ValueBytes);
        }
    }
}
