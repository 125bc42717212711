using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Output;
using Plugwire.Wire.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Output;

public sealed class OutputReaderTests : IAsyncDisposable
{
    private readonly FakeLoggerProvider _sink = new();
    private readonly LoggerFactory _loggers;
    private readonly PluginLogForwarder _forwarder;

    public OutputReaderTests()
    {
        _loggers = new LoggerFactory([_sink], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        _forwarder = new PluginLogForwarder("todo", _loggers, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _forwarder.DisposeAsync();
        _loggers.Dispose();
    }

    [Fact]
    [Trait("Fault", "F49")]
    public async Task Handshake_SplitAtEveryByte_IsTheSameLine()
    {
        var text = "1|1|unix|/tmp/x|grpc|\r\nnoise"u8.ToArray();
        for (var split = 0; split <= text.Length; split++)
        {
            var pipe = new Pipe();
            await using var reader = new StandardOutputReader(pipe.Reader.AsStream(), _forwarder, TimeProvider.System);
            await pipe.Writer.WriteAsync(text.AsMemory(0, split), TestContext.Current.CancellationToken);
            await pipe.Writer.FlushAsync(TestContext.Current.CancellationToken);
            await pipe.Writer.WriteAsync(text.AsMemory(split), TestContext.Current.CancellationToken);
            await pipe.Writer.CompleteAsync();

            var outcome = await reader.Handshake.WaitAsync(Limit, TestContext.Current.CancellationToken);

            Assert.Equal(HandshakeOutcomeKind.Line, outcome.Kind);
            Assert.True(HandshakeLine.TryParse(outcome.Bytes.Span, out var line, out _));
            Assert.Equal("/tmp/x", line.Address);
        }
    }

    [Theory]
    [InlineData("printf '1|1|un'", "Ended", "1|1|un")]
    [InlineData("exit 0", "Ended", "")]
    [InlineData("printf '1|1|un'; exec 1>&-; read line", "Ended", "1|1|un")]
    [InlineData("echo; echo '1|1|unix|x|grpc'", "Line", "")]
    [InlineData("echo 'Welcome!'", "Line", "Welcome!")]
    [InlineData("printf '\\377\\000\\n'", "Line", null)]
    public async Task Handshake_OtherThanALine_SaysWhatCame(string script, string kind, string? bytes)
    {
        await using var child = await RunAsync(script);
        await using var reader = new StandardOutputReader(child.StandardOutput, _forwarder, TimeProvider.System);

        var outcome = await reader.Handshake.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(kind, outcome.Kind.ToString());
        if (bytes is not null)
            Assert.Equal(bytes, Encoding.UTF8.GetString(outcome.Bytes.Span));
    }

    [Fact]
    public async Task Handshake_LongestLine_Fits()
    {
        await using var child = await RunAsync($"head -c {HandshakeLine.MaxBytes - 1} /dev/zero | tr '\\0' a; echo; head -c {HandshakeLine.MaxBytes} /dev/zero | tr '\\0' b");
        await using var reader = new StandardOutputReader(child.StandardOutput, _forwarder, TimeProvider.System);

        var outcome = await reader.Handshake.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(HandshakeOutcomeKind.Line, outcome.Kind);
        Assert.Equal(HandshakeLine.MaxBytes - 1, outcome.Bytes.Length);
    }

    [Fact]
    [Trait("Fault", "F09")]
    public async Task Handshake_EndlessLine_IsTooLongAndReadOn()
    {
        await using var child = await RunAsync("head -c 50000000 /dev/zero | tr '\\0' a; echo done >&2");
        await using var reader = new StandardOutputReader(child.StandardOutput, _forwarder, TimeProvider.System);

        var outcome = await reader.Handshake.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(HandshakeOutcomeKind.TooLong, outcome.Kind);
        Assert.Equal(HandshakeLine.MaxBytes, outcome.Bytes.Length);
        Assert.Equal("done", await ReadLineAsync(child.StandardError));
        Assert.Equal(new string('a', 2048), reader.GetBeginning());
    }

    [Fact]
    [Trait("Fault", "F13")]
    public async Task StandardOutput_FloodAfterTheHandshake_IsDrainedAndLoggedWithinALimit()
    {
        await using var child = await RunAsync("echo handshake; yes flood | head -c 50000000; exit 4");
        var reader = new StandardOutputReader(child.StandardOutput, _forwarder, new FakeTimeProvider());

        Assert.Equal(new ChildExit(4, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await reader.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await reader.DisposeAsync();
        await _forwarder.DisposeAsync();

        var records = _sink.Collector.GetSnapshot();
        Assert.Equal(202, records.Count);
        Assert.All(records.Take(200), record => Assert.Equal(("todo.stdout", LogLevel.Information, "flood"), (record.Category, record.Level, record.Message)));
        Assert.Equal("More than 100 lines on standard output come in a second. They are left out of the log until fewer come.", records[200].Message);
        Assert.Equal($"{(50_000_000 / 6) + 1 - 200} lines on standard output were left out of the log.", records[201].Message);
        Assert.StartsWith("handshake\nflood\n", reader.GetBeginning(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardError_LogLines_ArriveInTheLogAndInTheTail()
    {
        await using var child = await RunAsync("""echo '{"@level":"warn","@message":"careful","@module":"m","n":1}' >&2; echo '[ERROR] bad' >&2; printf 'last words' >&2""");
        var reader = new StandardErrorReader(child.StandardError, _forwarder, TimeProvider.System);

        await reader.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await reader.DisposeAsync();
        await _forwarder.DisposeAsync();

        Assert.Equal(
            [("todo.m", LogLevel.Warning, "careful"), ("todo", LogLevel.Error, "bad"), ("todo", LogLevel.Information, "last words")],
            _sink.Collector.GetSnapshot().Select(record => (record.Category!, record.Level, record.Message)));
        Assert.EndsWith("[ERROR] bad\nlast words", reader.GetTail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardError_FloodOfShortLines_IsDrainedLoggedWithinALimitAndCounted()
    {
        await using var child = await RunAsync("yes '' | head -n 1000 >&2; yes | head -n 1000000 >&2; echo 'panic: end' >&2; printf 'the end' >&2; exit 4");
        var reader = new StandardErrorReader(child.StandardError, _forwarder, new FakeTimeProvider(), 50);

        Assert.Equal(new ChildExit(4, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await reader.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await reader.DisposeAsync();
        await _forwarder.DisposeAsync();

        var records = _sink.Collector.GetSnapshot();
        Assert.Equal(102, records.Count);
        Assert.All(records.Take(100), record => Assert.Equal("y", record.Message));
        Assert.Equal((LogLevel.Warning, "More than 50 lines on standard error come in a second. They are left out of the log until fewer come."), (records[100].Level, records[100].Message));
        Assert.Equal((LogLevel.Warning, "999902 lines on standard error were left out of the log."), (records[101].Level, records[101].Message));
        Assert.EndsWith("y\npanic: end\nthe end", reader.GetTail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardError_LineOfManyPieces_TakesOneOfTheAllowance()
    {
        await using var child = await RunAsync($"head -c {5 * StandardErrorReader.LongestLine} /dev/zero | tr '\\0' a >&2; echo >&2; echo b >&2");
        var reader = new StandardErrorReader(child.StandardError, _forwarder, new FakeTimeProvider(), 1);

        await reader.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await reader.DisposeAsync();
        await _forwarder.DisposeAsync();

        Assert.Equal("b", _sink.Collector.GetSnapshot()[^1].Message);
    }

    [Fact]
    public async Task FinishAsync_GrandchildHoldsThePipe_LetsItGo()
    {
        await using var child = await RunAsync("echo before >&2; sleep 1000 & echo $!; exit 3");
        var reader = new StandardErrorReader(child.StandardError, _forwarder, TimeProvider.System);
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);
        await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken);

        await reader.FinishAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.True(IsAlive(grandchild));
        Assert.True(reader.Completion.IsCompletedSuccessfully);
        Assert.Equal("before\n", reader.GetTail());
    }

    [Fact]
    public async Task Completion_PipeTears_EndsWithoutAFault()
    {
        await using var output = new StandardOutputReader(new TornStream(), _forwarder, TimeProvider.System);
        await using var error = new StandardErrorReader(new TornStream(), _forwarder, TimeProvider.System);

        Assert.Equal(HandshakeOutcomeKind.Ended, (await output.Handshake.WaitAsync(Limit, TestContext.Current.CancellationToken)).Kind);
        await error.Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private sealed class TornStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("torn");
    }
}
