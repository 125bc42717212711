using System.Buffers.Binary;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>One side of a connection that keeps to HTTP/2 and to nothing else: the other side is our client or our server.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly Http2Connection _raw;
    private readonly IAsyncDisposable _other;
    private readonly Channel<RawStream> _accepted;

    private RawPeer(Http2Connection raw, IAsyncDisposable other, Channel<RawStream> accepted)
    {
        _raw = raw;
        _other = other;
        _accepted = accepted;
    }

    /// <summary>A raw server, and a client of ours that calls it.</summary>
    public static async Task<(RawPeer Peer, Echo.EchoClient Client)> ServeAsync(RpcClientOptions? options = null)
    {
        var (near, far) = MemoryTransport.CreatePair();
        var accepted = Channel.CreateUnbounded<RawStream>();
        var raw = Http2Connection.Start(far.Stream, Http2Role.Server, new Http2Options(), (connection, _) =>
        {
            var stream = new RawStream(connection);
            accepted.Writer.TryWrite(stream);
            return stream;
        });
        var client = await RpcClientConnection.ConnectAsync(near, options ?? new RpcClientOptions(), CancellationToken.None).WaitAsync(RpcPair.Limit);
        return (new RawPeer(raw, client, accepted), new Echo.EchoClient(client.CallInvoker));
    }

    /// <summary>A raw client, and a server of ours that it calls.</summary>
    public static async Task<(RawPeer Peer, ScriptedEcho Service)> CallAsync(RpcServerOptions? options = null)
    {
        var service = new ScriptedEcho();
        var methods = new RpcMethods();
        Echo.BindService(methods, service);
        var server = new RpcServer(methods, options ?? new RpcServerOptions { Logger = new FakeLogger() });
        var (near, far) = MemoryTransport.CreatePair();
        server.Serve(far);
        var raw = Http2Connection.Start(near.Stream, Http2Role.Client, new Http2Options());
        await raw.Ready.WaitAsync(RpcPair.Limit);
        return (new RawPeer(raw, server, Channel.CreateUnbounded<RawStream>()), service);
    }

    /// <summary>A call that has come.</summary>
    public Task<RawStream> AcceptAsync() => _accepted.Reader.ReadAsync().AsTask().WaitAsync(RpcPair.Limit);

    /// <summary>A call that is yet to be sent.</summary>
    public RawStream Open() => new(_raw);

    public static OutgoingHeaders Request(string method, params (string Name, string Value)[] more)
    {
        var headers = new OutgoingHeaders()
            .Add(":method", "POST").Add(":scheme", "http").Add(":path", $"/plugwire.wire.tests.Echo/{method}").Add(":authority", "test")
            .Add("te", "trailers").Add("content-type", "application/grpc");
        foreach (var (name, value) in more)
            headers.Add(name, value);
        return headers;
    }

    public static OutgoingHeaders Response(params (string Name, string Value)[] more)
    {
        var headers = new OutgoingHeaders().Add(":status", "200").Add("content-type", "application/grpc");
        foreach (var (name, value) in more)
            headers.Add(name, value);
        return headers;
    }

    public static OutgoingHeaders Trailers(params (string Name, string Value)[] fields)
    {
        var headers = new OutgoingHeaders();
        foreach (var (name, value) in fields)
            headers.Add(name, value);
        return headers;
    }

    /// <summary>A message's five bytes and its payload; the length may be a lie.</summary>
    public static byte[] Message(byte[] payload, byte flag = 0, uint? length = null)
    {
        var bytes = new byte[5 + payload.Length];
        bytes[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(bytes, 5);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
        await _raw.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
    }
}
