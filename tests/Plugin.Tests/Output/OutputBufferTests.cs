using System.Text;
using Plugwire.Output;

namespace Plugwire.Tests.Output;

public sealed class OutputBufferTests
{
    [Fact]
    public async Task Peek_WithoutAdvance_GivesTheSameBytesAgain()
    {
        var buffer = new OutputBuffer(16);
        buffer.TryWrite("abc"u8);

        Assert.Equal("abc", await ReadAsync(buffer, advance: false));
        Assert.Equal("abc", await ReadAsync(buffer, advance: true));
        Assert.Equal(0, buffer.Unread);
    }

    [Fact]
    public async Task Write_BeyondCapacity_DropsAndCountsTheOldest()
    {
        var buffer = new OutputBuffer(8);
        buffer.TryWrite("abcdef"u8);
        buffer.TryWrite("ghij"u8);

        Assert.Equal("cdefghij", await ReadAsync(buffer, advance: true));
        Assert.Equal(2, buffer.TakeDropped());
        Assert.Equal(0, buffer.TakeDropped());
    }

    [Fact]
    public async Task Write_OfMoreThanTheWholeBuffer_KeepsItsEnd()
    {
        var buffer = new OutputBuffer(4);
        buffer.TryWrite("xy"u8);
        buffer.TryWrite("abcdefg"u8);

        Assert.Equal("defg", await ReadAsync(buffer, advance: true));
        Assert.Equal(5, buffer.TakeDropped());
    }

    [Fact]
    public async Task Peek_OfAnEmptyBuffer_WaitsForTheNextWrite()
    {
        var buffer = new OutputBuffer();
        var reading = ReadAsync(buffer, advance: true);
        Assert.False(reading.IsCompleted);

        buffer.TryWrite("late"u8);

        Assert.Equal("late", await reading.Within());
    }

    [Fact]
    public async Task Complete_WithBytesLeft_GivesThemThenTheEnd()
    {
        var buffer = new OutputBuffer();
        buffer.TryWrite("rest"u8);
        buffer.Complete();

        Assert.False(buffer.TryWrite("more"u8));
        Assert.Equal("rest", await ReadAsync(buffer, advance: true));
        Assert.Null(await ReadAsync(buffer, advance: true));
    }

    [Fact]
    public async Task Ring_AnyWritesAndReads_GivesWhatAQueueGives()
    {
        var random = new Random(7);
        var buffer = new OutputBuffer(32);
        var model = new Queue<byte>();
        for (var step = 0; step < 5_000; step++)
        {
            var bytes = new byte[random.Next(48)];
            random.NextBytes(bytes);
            buffer.TryWrite(bytes);
            foreach (var one in bytes)
                model.Enqueue(one);
            while (model.Count > 32)
                model.Dequeue();
            if (model.Count == 0 || random.Next(3) == 0)
                continue;

            var chunk = (await buffer.PeekAsync(random.Next(1, 40), TestContext.Current.CancellationToken))!.Value;
            buffer.Advance(chunk.End);
            Assert.Equal(chunk.Bytes, Enumerable.Range(0, chunk.Bytes.Length).Select(_ => model.Dequeue()));
        }
    }

    private static async Task<string?> ReadAsync(OutputBuffer buffer, bool advance)
    {
        if (await buffer.PeekAsync(1024, TestContext.Current.CancellationToken) is not { } chunk)
            return null;
        if (advance)
            buffer.Advance(chunk.End);
        return Encoding.UTF8.GetString(chunk.Bytes);
    }
}
