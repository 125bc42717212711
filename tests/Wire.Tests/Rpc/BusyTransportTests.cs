using Google.Protobuf;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What happens to calls while frames of others are on their way.</summary>
public sealed class BusyTransportTests
{
    [Fact]
    public async Task CallsBegunWhileTheOutputIsFull_AreOpenedInTheOrderOfTheirNumbers()
    {
        var methods = new RpcMethods();
        Echo.BindService(methods, new ScriptedEcho());
        await using var server = new RpcServer(methods, new RpcServerOptions());
        var (near, far) = MemoryTransport.CreatePair();
        server.Serve(far);
        var gate = new GatedStream(near.Stream);
        await using var connection = await RpcClientConnection
            .ConnectAsync(new TransportConnection(gate, "gated"), new RpcClientOptions(), CancellationToken.None).WaitAsync(RpcPair.Limit);
        var client = new Echo.EchoClient(connection.CallInvoker);
        await client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit);
        var replies = new List<Task<EchoReply>>();

        // One write is under way, and behind it the output fills up.
        gate.CloseGate();
        Call(0);
        await gate.NextWriteAsync();
        for (var i = 0; i < 5; i++)
            Call(100_000);
        Call(0);

        // The full output is under way; the next call finds room, and the one before it must not have been left behind.
        gate.Pass();
        await gate.NextWriteAsync();
        Call(0);
        gate.OpenGate();

        await Task.WhenAll(replies).WaitAsync(RpcPair.Limit);

        void Call(int size) => replies.Add(client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[size]) }).ResponseAsync);
    }

    [Fact]
    public async Task DataThatWasUnderWay_WhenTheServerAnsweredEarly_IsDroppedWithoutAnotherReset()
    {
        var methods = new RpcMethods();
        var service = new ScriptedEcho { OnClientStream = (_, _) => Task.FromResult(new EchoReply()) };
        Echo.BindService(methods, service);
        await using var server = new RpcServer(methods, new RpcServerOptions());
        var (near, far) = MemoryTransport.CreatePair();
        server.Serve(far);
        var frames = new FramePeer(near.Stream);
        await frames.WriteAsync(output =>
        {
            output.Write(FrameWriter.Preface);
            FrameWriter.WriteOwnSettings(output, new Http2Options(), Http2Role.Client);
            frames.Writer.WriteHeaders(output, 1, RawPeer.Request("ClientStream"), endStream: false, maxFrameSize: 16_384);
        });
        var before = await frames.ReadUntilAsync(FrameType.RstStream);
        Assert.Equal(2, before.Count(frame => frame.Type == FrameType.Headers));

        await frames.WriteAsync(output =>
        {
            for (var i = 0; i < 3; i++)
                FrameWriter.WriteData(output, 1, RawPeer.Message([]), endStream: i == 2);
            FrameWriter.WritePing(output, new byte[8], ack: false);
        });
        var after = await frames.ReadUntilAsync(FrameType.Ping);

        Assert.DoesNotContain(after, frame => frame.Type == FrameType.RstStream);
        await near.DisposeAsync();
    }

    [Fact]
    public async Task ServerThatAnswersEarlyAndResetsNothing_IsToldThatTheClientSendsNoMore()
    {
        var (near, far) = MemoryTransport.CreatePair();
        await using var owned = far;
        var frames = new FramePeer(far.Stream);
        await frames.WriteAsync(output => FrameWriter.WriteOwnSettings(output, new Http2Options(), Http2Role.Server));
        await using var connection = await RpcClientConnection.ConnectAsync(near, new RpcClientOptions(), CancellationToken.None).WaitAsync(RpcPair.Limit);
        using var call = new Echo.EchoClient(connection.CallInvoker).ClientStream();
        var write = call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[1024 * 1024]) });
        await frames.SkipAsync(FrameWriter.Preface.Length);
        await frames.ReadUntilAsync(FrameType.Headers);

        await frames.WriteAsync(output =>
        {
            frames.Writer.WriteHeaders(output, 1, RawPeer.Response(), endStream: false, maxFrameSize: 16_384);
            FrameWriter.WriteData(output, 1, RawPeer.Message([]), endStream: false);
            frames.Writer.WriteHeaders(output, 1, RawPeer.Trailers(("grpc-status", "0")), endStream: true, maxFrameSize: 16_384);
        });

        await call.ResponseAsync.WaitAsync(RpcPair.Limit);
        await frames.ReadUntilAsync(FrameType.RstStream);
        await Assert.ThrowsAsync<InvalidOperationException>(() => write.WaitAsync(RpcPair.Limit));
    }
}
