using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>A connection of ours, in either role, whose peer is the test. Its end checks that no error of ours was logged.</summary>
internal sealed class ConnectionUnderTest : IAsyncDisposable
{
    private readonly Channel<RecordingStream> _accepted = Channel.CreateUnbounded<RecordingStream>();
    private readonly FakeLogCollector _logs = new();

    private ConnectionUnderTest(Http2Role role, Func<ILogger, Http2Options>? options, Func<Stream, ProbeStream>? probe, ReadOnlyMemory<byte> received = default)
    {
        IsClient = role == Http2Role.Client;
        var logger = new FakeLogger(_logs);
        var (far, near) = MemoryTransport.CreatePair();
        Peer = new RawPeer(far.Stream);
        var transport = probe is null ? near.Stream : Probe = probe(near.Stream);
        Connection = Http2Connection.Start(
            transport, role, options?.Invoke(logger) ?? new Http2Options { Logger = logger }, role == Http2Role.Server ? Accept : null, received);
    }

    public Http2Connection Connection { get; }

    public bool IsClient { get; }

    public RawPeer Peer { get; }

    public ProbeStream? Probe { get; }

    /// <summary>Whether streams give back at once what comes.</summary>
    public bool StreamsRead { get; set; } = true;

    public bool Refuses { get; set; }

    /// <summary>Runs while a stream is being accepted.</summary>
    public Action? Accepting { get; set; }

    /// <summary>What accepted streams do with each event, on the read loop.</summary>
    public Action<RecordingStream, string>? Told { get; set; }

    public bool ExpectsErrors { get; set; }

    public IEnumerable<string> Messages => _logs.GetSnapshot().Select(record => record.Message);

    /// <summary>A server that has seen the client's preface and SETTINGS, and has been seen.</summary>
    public static async Task<ConnectionUnderTest> ServerAsync(
        Func<ILogger, Http2Options>? options = null, Func<Stream, ProbeStream>? probe = null, params byte[] settings)
    {
        var server = Server(options, probe);
        await server.Peer.SendAsync(Raw.Preface, settings.Length > 0 ? settings : Raw.Settings(), Raw.SettingsAck);
        await server.Peer.FenceAsync();
        return server;
    }

    /// <summary>Either, and its peer has been seen.</summary>
    public static Task<ConnectionUnderTest> StartAsync(Http2Role role, Func<ILogger, Http2Options>? options = null, params byte[] settings) =>
        role == Http2Role.Server ? ServerAsync(options, settings: settings) : ClientAsync(options, settings: settings);

    /// <summary>A server to which nothing has been said.</summary>
    public static ConnectionUnderTest Server(Func<ILogger, Http2Options>? options = null, Func<Stream, ProbeStream>? probe = null) =>
        new(Http2Role.Server, options, probe);

    /// <summary>A server that has been handed the beginning of what its client says.</summary>
    public static ConnectionUnderTest ServerThatHas(ReadOnlyMemory<byte> received) => new(Http2Role.Server, options: null, probe: null, received);

    /// <summary>A client that has seen the server's SETTINGS, and has been seen.</summary>
    public static async Task<ConnectionUnderTest> ClientAsync(
        Func<ILogger, Http2Options>? options = null, Func<Stream, ProbeStream>? probe = null, params byte[] settings)
    {
        var client = Client(options, probe);
        await client.Peer.SendAsync(settings.Length > 0 ? settings : Raw.Settings(), Raw.SettingsAck);
        await client.ReadPrefaceAsync();
        await client.Peer.FenceAsync();
        return client;
    }

    /// <summary>A client to which nothing has been said.</summary>
    public static ConnectionUnderTest Client(Func<ILogger, Http2Options>? options = null, Func<Stream, ProbeStream>? probe = null) =>
        new(Http2Role.Client, options, probe);

    public async Task ReadPrefaceAsync()
    {
        var preface = new byte[Raw.Preface.Length];
        await Peer.Stream.ReadExactlyAsync(preface).AsTask().WaitAsync(RawPeer.Limit);
        Assert.Equal(Raw.Preface, preface);
    }

    /// <summary>The next stream that the peer has opened.</summary>
    public async Task<RecordingStream> AcceptedAsync() => await _accepted.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Limit);

    public bool HasAccepted => _accepted.Reader.TryPeek(out _);

    /// <summary>A stream opened by the peer, and its first event taken.</summary>
    public async Task<RecordingStream> AcceptAsync(int streamId, bool endStream = false)
    {
        await Peer.SendAsync(Raw.Request(streamId, endStream));
        var stream = await AcceptedAsync();
        await stream.ExpectAsync("headers :method=POST :scheme=http :path=/a/b :authority=here");
        if (endStream)
            await stream.ExpectAsync("end");
        return stream;
    }

    /// <summary>A stream opened by us, whose HEADERS the peer has seen.</summary>
    public async Task<RecordingStream> OpenAsync(bool endStream = false)
    {
        var stream = new RecordingStream(Connection) { Reads = StreamsRead };
        Assert.True(stream.Send(RecordingStream.RequestHeaders, endStream: endStream));
        Assert.Equal(stream.Id, (await Peer.NextAsync(RawFrame.Headers)).StreamId);
        return stream;
    }

    /// <summary>A stream of either role, on which the peer's header list has come and neither side has ended.</summary>
    public async Task<RecordingStream> BeginAsync(int streamId = 1)
    {
        if (!IsClient)
            return await AcceptAsync(streamId);

        var stream = await OpenAsync();
        Assert.Equal(streamId, stream.Id);
        await Peer.SendAsync(Raw.Response(streamId));
        await stream.ExpectAsync("headers :status=200");
        return stream;
    }

    /// <summary>Ends when the connection is over.</summary>
    public Task ClosedAsync() => Connection.Closed.WaitAsync(RawPeer.Limit);

    private RecordingStream? Accept(Http2Connection connection, HeaderList request)
    {
        if (Refuses)
            return null;
        var stream = new RecordingStream(connection) { Reads = StreamsRead };
        stream.Told = line => Told?.Invoke(stream, line);
        Accepting?.Invoke();
        _accepted.Writer.TryWrite(stream);
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);
        if (!ExpectsErrors)
            Assert.DoesNotContain(_logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }
}
