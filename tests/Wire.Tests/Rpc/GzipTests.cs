using System.Buffers;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Tests.Rpc;

public sealed class GzipTests
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Limit - 1)]
    [InlineData(Limit)]
    public void Decompress_UpToTheLimit_GivesTheMessageBack(int length)
    {
        var message = new byte[length];
        new Random(length).NextBytes(message);
        using var compressed = Compress(message);
        using var plain = new OutputBuffer();

        Gzip.Decompress(new ReadOnlySequence<byte>(compressed.Written), Limit, plain);

        Assert.Equal(message, plain.Written.ToArray());
    }

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(100 * Limit)]
    public void Decompress_OverTheLimit_IsRefusedBehindWhatTheLimitAllows(int length)
    {
        using var compressed = Compress(new byte[length]);
        using var plain = new OutputBuffer();

        Assert.Throws<MessageLimitException>(() => Gzip.Decompress(new ReadOnlySequence<byte>(compressed.Written), Limit, plain));

        Assert.Equal(Limit, plain.Length);
    }

    private static OutputBuffer Compress(byte[] message)
    {
        var compressed = new OutputBuffer();
        Gzip.Compress(message, compressed);
        return compressed;
    }
}
