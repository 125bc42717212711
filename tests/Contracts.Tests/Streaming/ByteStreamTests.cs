using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Streaming;

/// <summary>A stream in and a stream out.</summary>
public sealed class ByteStreamTests
{
    [Theory]
    [EachLink(0)]
    [EachLink(1)]
    [EachLink(64 * 1024)]
    [EachLink(3_000_001)]
    public async Task Bytes_ThereAndBack_AreTheSame(Link where, int length)
    {
        await using var link = await EchoLink.StartAsync(where);
        var bytes = Bytes(length);
        var source = new MemoryStream(bytes);

        using var result = new MemoryStream();
        await using (var back = link.Client.PipeAsync(ByteStream.ReadAllAsync(source)).AsStream())
            await back.CopyToAsync(result).Within();

        Assert.Equal(bytes, result.ToArray());
        Assert.False(source.CanRead);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Chunks_OfAnySize_MakeTheSameBytes(int chunkSize)
    {
        var bytes = Bytes(10_000);

        await using var stream = ByteStream.ReadAllAsync(new DrippingStream(bytes), chunkSize).AsStream();
        var read = new byte[20_000];
        var count = 0;
        for (int more; (more = await stream.ReadAsync(read.AsMemory(count, Math.Min(333, read.Length - count))).Within()) > 0;)
            count += more;

        Assert.Equal(bytes, read[..count]);
        Assert.Equal(0, await stream.ReadAsync(read));
    }

    [Fact]
    public async Task Chunks_ThatAreKept_KeepTheirBytes()
    {
        var bytes = Bytes(10_000);
        var chunks = new List<BytesValue>();

        await foreach (var chunk in ByteStream.ReadAllAsync(new DrippingStream(bytes), 64))
        {
            Assert.InRange(chunk.Value.Length, 1, 64);
            chunks.Add(chunk);
        }

        Assert.Equal(bytes, chunks.SelectMany(chunk => chunk.Value));
    }

    [Fact]
    public async Task Stream_LeftOpen_StaysOpen()
    {
        var source = new MemoryStream(Bytes(10));

        await foreach (var _ in ByteStream.ReadAllAsync(source, leaveOpen: true))
        {
        }

        Assert.True(source.CanRead);
    }

    [Fact]
    public async Task Enumeration_ThatIsLeft_DisposesOfTheStream()
    {
        var source = new MemoryStream(Bytes(10));

        await foreach (var _ in ByteStream.ReadAllAsync(source, 1))
            break;

        Assert.False(source.CanRead);
    }

    [Fact]
    public void Arguments_ThatMakeNoChunks_AreRefusedAtOnce()
    {
        var closed = new MemoryStream();
        closed.Dispose();

        Assert.Throws<ArgumentNullException>("stream", () => ByteStream.ReadAllAsync(null!));
        Assert.Throws<ArgumentException>("stream", () => ByteStream.ReadAllAsync(closed));
        Assert.Throws<ArgumentOutOfRangeException>("chunkSize", () => ByteStream.ReadAllAsync(new MemoryStream(), 0));
        Assert.Throws<ArgumentNullException>("chunks", () => ByteStream.AsStream(null!));
    }

    [Fact]
    public async Task SynchronousReads_AreRefusedWithAdvice()
    {
        await using var stream = ByteStream.ReadAllAsync(new MemoryStream(Bytes(10))).AsStream();

        Assert.Contains("use ReadAsync or CopyToAsync", Assert.Throws<NotSupportedException>(() => stream.ReadByte()).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1].AsSpan()));
        Assert.Throws<NotSupportedException>(() => stream.CopyTo(new MemoryStream()));
        Assert.Throws<NotSupportedException>(() => stream.Write(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanWrite, stream.CanSeek));
    }

    [Theory]
    [EachLink(true)]
    [EachLink(false)]
    public async Task Disposal_OfTheStream_CancelsTheCall(Link where, bool synchronous)
    {
        await using var link = await EchoLink.StartAsync(where);
        var ended = new Signal();
        link.Service.OnPipe = (_, _, token) => IdleAsync(token);
        var stream = link.Client.PipeAsync(Idle()).AsStream();

        Assert.Equal(3, await stream.ReadAsync(new byte[10]).Within());
        await DisposeAsync(stream, synchronous);

        await ended.WaitAsync();
        Assert.False(stream.CanRead);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(new byte[1]));

        async IAsyncEnumerable<BytesValue> IdleAsync([EnumeratorCancellation] CancellationToken token)
        {
            yield return new BytesValue { Value = ByteString.CopyFrom(1, 2, 3) };
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                ended.Set();
            }
        }
    }

    [Theory]
    [EachLink(true)]
    [EachLink(false)]
    public async Task Disposal_WhileAReadWaits_EndsBoth(Link where, bool synchronous)
    {
        await using var link = await EchoLink.StartAsync(where);
        var started = new Signal();
        var ended = new Signal();
        link.Service.OnPipe = (_, _, token) => IdleAsync(token);
        var stream = link.Client.PipeAsync(Idle()).AsStream();

        var reading = stream.ReadAsync(new byte[10]).AsTask();
        await started.WaitAsync();
        await DisposeAsync(stream, synchronous);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.Within());
        await ended.WaitAsync();

        async IAsyncEnumerable<BytesValue> IdleAsync([EnumeratorCancellation] CancellationToken token)
        {
            started.Set();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                ended.Set();
            }

            yield break;
        }
    }

    [Fact]
    public async Task Token_OfARead_EndsItAndTheCall()
    {
        await using var link = await EchoLink.StartAsync();
        using var cancellation = new CancellationTokenSource();
        await using var stream = link.Client.PipeAsync(Idle()).AsStream();

        var reading = stream.ReadAsync(new byte[10], cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within())).CancellationToken);
    }

    [Fact]
    public async Task Token_OfTheStream_EndsItsReads()
    {
        await using var link = await EchoLink.StartAsync();
        using var cancellation = new CancellationTokenSource();
        await using var stream = link.Client.PipeAsync(Idle()).AsStream(cancellation.Token);

        var reading = stream.ReadAsync(new byte[10]);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within());
    }

    [Fact]
    public async Task TwoReads_AtATime_AreRefused()
    {
        await using var link = await EchoLink.StartAsync();
        var stream = link.Client.PipeAsync(Idle()).AsStream();
        var reading = stream.ReadAsync(new byte[10]).AsTask();

        Assert.Throws<InvalidOperationException>(() => { _ = stream.ReadAsync(new byte[10]).AsTask(); });

        await stream.DisposeAsync().Within();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.Within());
    }

    [Theory]
    [EachLink]
    public async Task Failure_OfTheCall_ReachesTheReader(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.OnPipe = static (_, _, _) => throw new UnauthorizedAccessException("not yours");
        await using var stream = link.Client.PipeAsync(ByteStream.ReadAllAsync(new MemoryStream())).AsStream();

        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => stream.ReadAsync(new byte[1]).Within())).StatusCode);
    }

    [Theory]
    [EachLink]
    public async Task Failure_OfTheSource_EndsTheCallWithThatVeryError(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        await using var stream = link.Client.PipeAsync(ByteStream.ReadAllAsync(new DrippingStream(Bytes(100)) { FailsAt = 50 })).AsStream();

        Assert.Equal("The disk is gone.", (await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(new MemoryStream()).Within())).Message);
    }

    [Fact]
    public async Task Handler_WithStreams_ReadsAndAnswersBytes()
    {
        await using var link = await EchoLink.StartAsync();
        link.Service.OnPipe = static (requests, _, token) => ReverseAsync(requests, token);

        using var result = new MemoryStream();
        await using (var back = link.Client.PipeAsync(ByteStream.ReadAllAsync(new MemoryStream([1, 2, 3]))).AsStream())
            await back.CopyToAsync(result).Within();

        Assert.Equal([3, 2, 1], result.ToArray());

        static async IAsyncEnumerable<BytesValue> ReverseAsync(
            IAsyncEnumerable<BytesValue> requests, [EnumeratorCancellation] CancellationToken token)
        {
            using var all = new MemoryStream();
            await using (var input = requests.AsStream(token))
                await input.CopyToAsync(all, token);
            await foreach (var chunk in ByteStream.ReadAllAsync(new MemoryStream([.. all.ToArray().Reverse()]), cancellationToken: token))
                yield return chunk;
        }
    }

    private static ValueTask DisposeAsync(Stream stream, bool synchronous)
    {
        if (!synchronous)
            return stream.DisposeAsync();
        stream.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static async IAsyncEnumerable<BytesValue> Idle([EnumeratorCancellation] CancellationToken token = default)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        yield break;
    }
}
