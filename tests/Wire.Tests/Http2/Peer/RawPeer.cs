using System.Buffers.Binary;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>
/// The other end of a connection under test. It writes bytes and takes apart what comes, and shares nothing with the connection but the
/// header compression, which has tests of its own.
/// </summary>
internal sealed class RawPeer(Stream stream) : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize, maxHeaderListSize: 1024 * 1024);
    private ulong _fences = 0xFE2CE00000000000;

    public Stream Stream => stream;

    public async Task SendAsync(params byte[][] frames)
    {
        byte[] bytes = [.. frames.SelectMany(frame => frame)];
        await stream.WriteAsync(bytes).AsTask().WaitAsync(Limit);
    }

    /// <summary>Sends until the other end has closed. It may close while this is being written.</summary>
    public async Task SendUntilClosedAsync(params byte[][] frames)
    {
        try
        {
            await SendAsync(frames);
        }
        catch (IOException)
        {
            // That is what the test goes on to check.
        }
    }

    /// <summary>The next frame; null when the other end has closed.</summary>
    public async Task<RawFrame?> ReadAsync()
    {
        var header = new byte[9];
        if (await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Limit) < header.Length)
            return null;

        var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Limit);
        return new RawFrame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
    }

    /// <summary>The next frame of this type, after others.</summary>
    public async Task<RawFrame> NextAsync(byte type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type && !frame.IsAck)
                return frame;
        }

        throw new InvalidOperationException($"The connection ended before a frame of type {type} came.");
    }

    /// <summary>What the other end has answered to all that was sent so far: a PING of ours comes back behind it.</summary>
    public async Task<List<RawFrame>> FenceAsync()
    {
        var ping = Raw.Ping(++_fences);
        await SendAsync(ping);
        var seen = new List<RawFrame>();
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == RawFrame.Ping && frame.IsAck && frame.Payload.AsSpan().SequenceEqual(ping.AsSpan(9)))
                return seen;
            seen.Add(frame);
        }

        throw new InvalidOperationException($"The connection ended instead of answering a PING, after: {string.Join(", ", seen)}.");
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<List<RawFrame>> ReadToEndAsync()
    {
        var seen = new List<RawFrame>();
        while (await ReadAsync() is { } frame)
            seen.Add(frame);
        return seen;
    }

    /// <summary>The connection ends with a GOAWAY of this code, and nothing behind it.</summary>
    public async Task<RawFrame> ExpectGoAwayAsync(Http2ErrorCode errorCode)
    {
        var seen = await ReadToEndAsync();
        Assert.NotEmpty(seen);
        var last = seen[^1];
        Assert.Equal($"GOAWAY {errorCode}", last.Type == RawFrame.GoAway ? $"GOAWAY {last.ErrorCode}" : last.ToString());
        return last;
    }

    /// <summary>The stream ends with a RST_STREAM of this code, once, and the connection goes on.</summary>
    public async Task ExpectResetAsync(int streamId, Http2ErrorCode errorCode)
    {
        var seen = await FenceAsync();
        Assert.Equal([$"RST_STREAM {streamId} {errorCode}"], seen.Where(frame => frame.Type is RawFrame.Reset or RawFrame.GoAway).Select(frame => frame.ToString()));
    }

    /// <summary>Nothing was wrong: neither a reset nor a GOAWAY.</summary>
    public async Task ExpectNoComplaintAsync() =>
        Assert.DoesNotContain(await FenceAsync(), frame => frame.Type is RawFrame.Reset or RawFrame.GoAway);

    /// <summary>The fields of a header block that came. To be asked for every one, in order: the table follows them.</summary>
    public Dictionary<string, string> Decode(RawFrame frame)
    {
        var headers = new HeaderList();
        _decoder.Decode(frame.Payload, headers);
        return headers.Fields.ToArray().ToDictionary(field => field.Name, field => field.Value);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
