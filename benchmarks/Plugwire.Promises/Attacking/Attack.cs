using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Sockets;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Promises.Attacking;

/// <summary>One of the known ways to overload an HTTP/2 peer, as frames without end. The peer is a plugin, which sees a client, or a host, which sees the server that it has asked something.</summary>
/// <param name="Name">As the field calls it.</param>
/// <param name="Frames">The n-th part of it; of a server, as the answer to the request on stream 1 where it needs a stream.</param>
internal sealed record Attack(string Name, Func<int, bool, byte[]> Frames)
{
    private const int ZeroIncrement = 0;
    private const int MostIncrement = int.MaxValue;
    private const string CallPath = "/plugwire.testplugins.faulty.Kinds/ClientStream";
    private const int UnpackedLength = 60_000_000;
    private const int TableEntry = 4000;

    // The first entry of the dynamic table, by one byte.
    private const byte FirstOfTable = 0xBE;

    private static readonly byte[] Call = Raw.Block(
        (":method", "POST"), (":scheme", "http"), (":path", CallPath), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers"));

    private static readonly byte[] Answer = Raw.Block((":status", "200"), ("content-type", "application/grpc"));

    private static readonly Lazy<byte[]> Packed = new(() =>
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[UnpackedLength]);
        var prefix = new byte[5];
        prefix[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), (int)packed.Length);
        return [.. prefix, .. packed.ToArray()];
    });

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("rapid reset", (i, isServer) => [.. Begin(i, isServer), .. Raw.Reset(Stream(i, isServer), Http2ErrorCode.Cancel)]),
        new("MadeYouReset", (i, isServer) => [.. Begin(i, isServer), .. Raw.WindowUpdate(Stream(i, isServer), ZeroIncrement)]),
        new("PING", (i, _) => Raw.Ping((ulong)i)),
        new("SETTINGS", (_, _) => Raw.Settings((Raw.InitialWindowSize, 65_535))),
        new("CONTINUATION", (i, isServer) => i == 0 ? Raw.Headers(1, isServer ? Answer : Call, endHeaders: false) : Raw.Continuation(1, new byte[16_000], endHeaders: false)),
        new("empty DATA", (i, isServer) => i == 0 ? Raw.Headers(1, isServer ? Answer : Call) : Raw.Data(1, 0)),
        new("HPACK reuse", Bomb),
        new("WINDOW_UPDATE overflow", (i, isServer) => i == 0 ? Begin(0, isServer) : Raw.WindowUpdate(i % 2 == 0 ? 0 : 1, MostIncrement)),
        new("PRIORITY churn", (i, _) => Raw.Frame(RawFrame.Priority, 0, (2 * (i % 10_000)) + 1, [0, 0, 0, (byte)i, 16])),
    ];

    /// <summary>Messages that say, or become, more than anybody should keep.</summary>
    public static IReadOnlyList<Attack> Messages { get; } =
    [
        new("a message of 4 GiB, as its prefix says", (i, isServer) => Message(i, isServer, [0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[30_000]])),
        new("a packed message that becomes a thousand times as long", (i, isServer) => Message(i, isServer, Packed.Value)),
    ];

    /// <summary>Sends it until the peer has enough of it, or the time is over. What the peer answers is not read.</summary>
    public async Task SendAsync(Socket socket, bool isServer, CancellationToken over)
    {
        const int Block = 128 * 1024;
        var block = new List<byte>(Block);
        try
        {
            await socket.SendAsync(isServer ? [.. Raw.Settings(), .. Raw.SettingsAck] : (byte[])[.. Raw.Preface, .. Raw.Settings()], over);
            for (var i = 0; !over.IsCancellationRequested;)
            {
                byte[] part = [];
                for (block.Clear(); block.Count < Block && (part = Frames(i, isServer)).Length > 0; i++)
                    block.AddRange(part);
                ReadOnlyMemory<byte> left = block.ToArray();
                while (left.Length > 0)
                    left = left[await socket.SendAsync(left, over)..];

                // There is no more of it, and the peer has the time to make something of it.
                if (part.Length == 0)
                    await UntilClosedAsync(socket, over);
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // That the peer closes is one of the right answers; so is that it reads no more.
        }
    }

    /// <summary>Sends all of it as a client.</summary>
    /// <returns>Whether the server has ended the call, or the connection, before the time was over.</returns>
    public async Task<bool> SendAndReadAsync(Socket socket, CancellationToken over)
    {
        try
        {
            byte[] all = [.. Raw.Preface, .. Raw.Settings(), .. Raw.SettingsAck, .. Enumerable.Range(0, int.MaxValue).Select(i => Frames(i, false)).TakeWhile(part => part.Length > 0).SelectMany(part => part)];
            ReadOnlyMemory<byte> left = all;
            while (left.Length > 0)
                left = left[await socket.SendAsync(left, over)..];
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            var header = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(header, over);
                await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], over);
                if (header[3] is RawFrame.Reset or RawFrame.GoAway || (header[3] is RawFrame.Headers or RawFrame.Data && (header[4] & RawFrame.EndStream) != 0))
                    return true;
            }
        }
        catch (Exception end) when (end is IOException or SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task UntilClosedAsync(Socket socket, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, over) > 0)
        {
            // Whatever it says.
        }

        throw new SocketException((int)SocketError.ConnectionReset);
    }

    // A server has no streams of its own: it can only go on about the one that it was asked on.
    private static byte[] Begin(int i, bool isServer) => isServer ? i == 0 ? Raw.Headers(1, Answer) : [] : Raw.Headers(Stream(i, isServer), Call);

    private static int Stream(int i, bool isServer) => isServer ? 1 : (2 * i) + 1;

    // All of it fits into the window that a stream has at first.
    private static byte[] Message(int i, bool isServer, byte[] message)
    {
        const int Chunk = 16_000;
        if (i == 0)
        {
            return Raw.Headers(1, isServer
                ? Raw.Block((":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "gzip"))
                : Raw.Block((":method", "POST"), (":scheme", "http"), (":path", CallPath), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-encoding", "gzip")));
        }

        return (i - 1) * Chunk >= message.Length ? [] : Raw.Frame(RawFrame.Data, 0, 1, message.AsSpan((i - 1) * Chunk, Math.Min(Chunk, message.Length - ((i - 1) * Chunk))));
    }

    // One large entry, and then header lists that are made of nothing but its number.
    private static byte[] Bomb(int i, bool isServer)
    {
        if (i == 0)
        {
            byte[] entry = [0x40, 1, (byte)'x', 0x7F, .. Integer(TableEntry - 127), .. Enumerable.Repeat((byte)'y', TableEntry)];
            return Raw.Headers(1, [.. isServer ? Answer : Call, .. entry], endStream: isServer);
        }

        return isServer ? [] : Raw.Headers((2 * i) + 1, [.. Call, .. Enumerable.Repeat(FirstOfTable, 16_000)], endStream: true);
    }

    // What remains of a number that does not fit into the prefix of its first byte.
    private static byte[] Integer(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value /= 128)
            bytes.Add((byte)((value % 128) + 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
