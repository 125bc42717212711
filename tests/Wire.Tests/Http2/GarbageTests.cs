using System.Buffers.Binary;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

/// <summary>Whatever comes, the connection ends in order: every stream is told once, and no exception but the protocol's own is seen.</summary>
public sealed class GarbageTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RandomBytes_EndTheConnection(int seed)
    {
        var bytes = new byte[2000];
        new Random(seed).NextBytes(bytes);

        // Half of them pass for short frames, so that what is behind the frame's header is looked at as well.
        if (seed % 2 == 0)
        {
            for (var i = 0; i + 9 < bytes.Length; i += 9 + bytes[i + 2])
                bytes.AsSpan(i, 2).Clear();
        }

        await FeedServerAsync(bytes);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RandomFrames_EndTheConnectionOrAreTaken(int seed)
    {
        var random = new Random(seed);
        await FeedServerAsync([.. Enumerable.Range(0, 400).SelectMany(_ => RandomFrame(random))]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RandomFrames_OfAServer_EndTheConnectionOrAreTaken(int seed)
    {
        var random = new Random(seed);
        await using var client = await ConnectionUnderTest.ClientAsync(logger => new Http2Options { Logger = logger, CloseTimeout = TimeSpan.FromMilliseconds(1) });
        RecordingStream[] streams = [await client.OpenAsync(), await client.OpenAsync(endStream: true), await client.OpenAsync()];
        await client.Peer.SendUntilClosedAsync([.. Enumerable.Range(0, 400).SelectMany(_ => RandomFrame(random))]);
        await client.Peer.DisposeAsync();
        await client.ClosedAsync();
        Assert.All(streams, stream => AssertEndsOnce(stream.Rest()));
    }

    private static async Task FeedServerAsync(byte[] bytes)
    {
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, CloseTimeout = TimeSpan.FromMilliseconds(1) });
        var accepted = await server.AcceptAsync(1);
        server.Told = static (stream, line) =>
        {
            if (line == "end")
                stream.Send(RecordingStream.ResponseHeaders, length: 10, trailers: RecordingStream.EndHeaders);
        };
        await server.Peer.SendUntilClosedAsync(bytes);
        await server.Peer.DisposeAsync();
        await server.ClosedAsync();
        AssertEndsOnce(accepted.Rest());
    }

    // Likely enough to be valid that the connection gets deep into it.
    private static byte[] RandomFrame(Random random)
    {
        var id = (random.Next(12) * 2) + 1;
        switch (random.Next(24))
        {
            case 0: return Raw.Request(id, random.Next(2) == 0);
            case 1: return Raw.Request((random.Next(2000) * 2) + 1, random.Next(2) == 0);
            case 2: return Raw.Trailers(id);
            case 3: return Raw.Response(id, random.Next(2) == 0);
            case < 10: return Raw.Data(id, random.Next(100), random.Next(8) == 0);
            case 10: return Raw.Reset(id, (Http2ErrorCode)random.Next(16));
            case < 14: return Raw.WindowUpdate(random.Next(3) == 0 ? 0 : id, (uint)random.Next(1, 1000));
            case 14: return Raw.Settings((random.Next(1, 8), random.Next(16_384, 100_000)));
            case < 18: return Raw.Ping((ulong)random.NextInt64());
            case 18: return Raw.PaddedData(id, random.Next(20), (byte)random.Next(20));
            case 19: return random.Next(8) == 0 ? Raw.GoAway(id, (Http2ErrorCode)random.Next(16)) : Raw.Frame(RawFrame.Priority, 0, id, new byte[5]);
            case 20: return Raw.Frame((byte)random.Next(10, 256), (byte)random.Next(256), id, new byte[random.Next(50)]);
            case 21:
                var payload = new byte[random.Next(40)];
                random.NextBytes(payload);
                return random.Next(8) == 0 ? Raw.Frame((byte)random.Next(10), (byte)random.Next(256), random.Next(20), payload) : Raw.Ping(1);
            default:
                // A valid frame with one bit turned over, behind its length.
                var frame = random.Next(2) == 0 ? Raw.Request(id) : Raw.Data(id, 10);
                frame[random.Next(3, frame.Length)] ^= (byte)(1 << random.Next(8));
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
                return frame;
        }
    }

    // The peer's side ends at most once, and behind it or instead of it the stream; one of the two is the last thing told.
    private static void AssertEndsOnce(IReadOnlyList<string> told)
    {
        var kinds = told.Select(line => line.Split(' ')[0]).ToList();
        Assert.InRange(kinds.Count(kind => kind == "end"), 0, 1);
        Assert.InRange(kinds.Count(kind => kind is "reset" or "lost"), 0, 1);
        Assert.Contains(kinds[^1], new[] { "end", "reset", "lost" });
    }
}
