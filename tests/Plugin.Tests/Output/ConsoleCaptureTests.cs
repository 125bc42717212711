using System.Text;
using Plugwire.Descriptors;
using Plugwire.Output;

namespace Plugwire.Tests.Output;

/// <summary>On a pipe of the test's own: descriptor 1 itself belongs to the test runner.</summary>
public sealed class ConsoleCaptureTests
{
    [Fact]
    public async Task Flush_AfterManyWrites_HasAllOfThemInTheBuffer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are a matter of Unix.");
        var (reader, writer) = Descriptor.CreatePipe();
        var capture = new ConsoleCapture(reader, static _ => { });

        for (var i = 0; i < 1_000; i++)
            Assert.True(Descriptor.TryWrite(writer, "0123456789"u8));
        await capture.FlushAsync().Within();

        Assert.Equal(10_000, capture.Buffer.Unread);
        Descriptor.Close(writer);
    }

    [Fact]
    public async Task Writes_WhileNobodyReads_NeverBlockTheWriter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are a matter of Unix.");
        var (reader, writer) = Descriptor.CreatePipe();
        var capture = new ConsoleCapture(reader, static _ => { });
        var megabyte = new byte[1024 * 1024];

        await Task.Run(() => Assert.True(Descriptor.TryWrite(writer, megabyte)), TestContext.Current.CancellationToken).Within();
        await capture.FlushAsync().Within();

        Assert.Equal(OutputBuffer.DefaultCapacity, capture.Buffer.Unread);
        Assert.Equal(megabyte.Length - OutputBuffer.DefaultCapacity, capture.Buffer.TakeDropped());
        Descriptor.Close(writer);
    }

    [Fact]
    public async Task Writes_AfterTheEnd_GoToTheLateWriter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are a matter of Unix.");
        var (reader, writer) = Descriptor.CreatePipe();
        var late = new StringBuilder();
        var capture = new ConsoleCapture(reader, bytes => late.Append(Encoding.UTF8.GetString(bytes)));

        Descriptor.TryWrite(writer, "in time"u8);
        await capture.EndAsync().Within();
        Descriptor.TryWrite(writer, "late"u8);
        await capture.FlushAsync().Within();

        Assert.Equal("in time", Encoding.UTF8.GetString((await capture.Buffer.PeekAsync(100, TestContext.Current.CancellationToken))!.Value.Bytes));
        Assert.Equal("late", late.ToString());
        Descriptor.Close(writer);
    }

    [Fact]
    public async Task Flush_AfterTheLastWriterHasClosed_Completes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are a matter of Unix.");
        var (reader, writer) = Descriptor.CreatePipe();
        var capture = new ConsoleCapture(reader, static _ => { });

        Descriptor.Close(writer);

        await capture.FlushAsync().Within();
        await capture.FlushAsync().Within();
    }
}
