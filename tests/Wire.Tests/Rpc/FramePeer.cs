using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Writes frames as they are, and reads what comes.</summary>
internal sealed class FramePeer(Stream stream)
{
    public FrameWriter Writer { get; } = new(new OutputBuffer());

    public async Task WriteAsync(Action<OutputBuffer> write)
    {
        using var output = new OutputBuffer();
        write(output);
        await stream.WriteAsync(output.Written).AsTask().WaitAsync(RpcPair.Limit);
    }

    public async Task SkipAsync(int count) => await stream.ReadExactlyAsync(new byte[count]).AsTask().WaitAsync(RpcPair.Limit);

    /// <summary>The frames up to the next of this type, that one included.</summary>
    public async Task<List<FrameHeader>> ReadUntilAsync(FrameType type)
    {
        var frames = new List<FrameHeader>();
        do
        {
            var bytes = new byte[FrameHeader.Size];
            await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(RpcPair.Limit);
            var header = FrameHeader.Read(bytes);
            await stream.ReadExactlyAsync(new byte[header.Length]).AsTask().WaitAsync(RpcPair.Limit);
            frames.Add(header);
        }
        while (frames[^1].Type != type);
        return frames;
    }
}
