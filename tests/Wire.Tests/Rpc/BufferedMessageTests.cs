using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What messages take that wait for their reader: little more than they took of the stream's window.</summary>
public sealed class BufferedMessageTests
{
    private const int Messages = 10_000;
    private const int MostOfATinyMessage = 400;

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static (byte[] bytes) => bytes, static bytes => bytes);

    [Fact]
    public void TinyMessages_EachCutIntoTwoPieces_TakeLittle()
    {
        var assembler = new MessageAssembler<byte[]>(Bytes, limit: 1024);
        var kept = new ReceivedMessage<byte[]>[Messages];
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < Messages; i++)
        {
            Assert.False(TryRead(assembler, Frame([1, 2])[..^1], out _));
            Assert.True(TryRead(assembler, [2], out kept[i]));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Messages, 0, MostOfATinyMessage);
        Assert.Equal(new byte[] { 1, 2 }, kept[^1].Take(Bytes));
    }

    [Fact]
    public void CompressedMessages_ThatNobodyHasTaken_TakeWhatTheyTookOnTheWire()
    {
        const int Unpacked = 1024 * 1024;
        var packed = Compress(new byte[Unpacked]);
        var assembler = new MessageAssembler<byte[]>(Bytes, limit: Unpacked) { Encoding = Gzip.Name };
        var kept = new ReceivedMessage<byte[]>[100];
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < kept.Length; i++)
            Assert.True(TryRead(assembler, Frame(packed, isCompressed: true), out kept[i]));

        // An array of the pool is up to twice as long as what is in it; and this test's own copies of it.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / kept.Length, packed.Length, (6 * packed.Length) + MostOfATinyMessage);
        Assert.Equal(packed.Length + MessagePrefix.Size, kept[0].WireSize);
        Assert.Equal(Unpacked, kept[0].Take(Bytes).Length);
    }

    [Fact]
    public void CompressedMessage_OfTheLongestLength_IsUnpackedInItsOwnRoom()
    {
        const int Unpacked = 16 * 1024 * 1024;
        var length = Marshallers.Create<object>(static (_, _) => throw new NotSupportedException(), static context => context.PayloadAsReadOnlySequence().Length);
        using var packed = new OutputBuffer();
        packed.Write(Compress(new byte[Unpacked]));
        var message = new ReceivedMessage<object>(packed, packed.Length, isCompressed: true, limit: Unpacked);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = message.Take(length);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Unpacked + (1024 * 1024));
        Assert.Equal((long)Unpacked, read);
    }

    private static bool TryRead(MessageAssembler<byte[]> assembler, byte[] data, out ReceivedMessage<byte[]> message)
    {
        var sequence = new ReadOnlySequence<byte>(data);
        return assembler.TryRead(ref sequence, out message);
    }

    private static byte[] Frame(byte[] message, bool isCompressed = false)
    {
        var frame = new byte[MessagePrefix.Size + message.Length];
        frame[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, MessagePrefix.Size);
        return frame;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return output.ToArray();
    }
}
