using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Examples.Inspect;
using Examples.Inspect.Reporting;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspect.Words;
using Examples.Inspection;
using Examples.Reporting;
using Examples.Secrets;
using Examples.Todos;
using Grpc.Core;
using Plugwire;

namespace Examples.Tests.Streaming;

public sealed class TreeInspectionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly InspectionCounts _counts = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_NastyTree_CountsWhatGrepCounts()
    {
        Assert.SkipUnless(Grep.IsThere, "There is no GNU grep here.");
        await MakeNastyTreeAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.Path, "socket")));

        var summary = await InspectAsync();

        var expected = await Grep.CountAsync(_directory.Path, Cancellation);
        Assert.True(expected > 500);
        Assert.Equal(expected, summary.Rules.Where(rule => rule.RuleId.StartsWith("todo/", StringComparison.Ordinal)).Sum(rule => rule.Findings));
        Assert.Equal(summary.Findings, _counts.Findings);
        Assert.Equal(1, _counts.SkippedFor(SkipReason.Fifo));
        Assert.Equal(1, _counts.SkippedFor(SkipReason.Socket));
        Assert.Equal(3, _counts.SkippedFor(SkipReason.Symlink));
        Assert.Equal(2, _counts.SkippedFor(SkipReason.Binary));
        Assert.Equal(1, _counts.SkippedFor(SkipReason.Empty));
        Assert.Equal(0, _counts.SkippedFor(SkipReason.Unreadable));
    }

    [Theory]
    [InlineData(32 * 1024 - 1, 0, 1)]
    [InlineData(32 * 1024, 2, 0)]
    [InlineData(200_000, 2, 0)]
    public async Task Run_NulInAFile_MakesItBinaryInItsFirst32KibibytesOnly(int place, int findings, int binary)
    {
        var bytes = new byte[place + 6];
        bytes.AsSpan().Fill((byte)'.');
        "TODO"u8.CopyTo(bytes);
        bytes[place] = 0;
        "TODO"u8.CopyTo(bytes.AsSpan(place + 1));
        _directory.Write("file", bytes);

        Assert.Equal(findings, (await InspectAsync()).Findings);
        Assert.Equal(binary, _counts.SkippedFor(SkipReason.Binary));
    }

    [Theory]
    [InlineData(FileSender.ChunkSize - 4)]
    [InlineData(FileSender.ChunkSize - 2)]
    [InlineData(FileSender.ChunkSize)]
    [InlineData(2 * FileSender.ChunkSize - 4)]
    [InlineData(2 * FileSender.ChunkSize)]
    public async Task Run_FindingAtAChunksEdge_IsFoundOnce(int place)
    {
        _directory.Write("file", new string('.', place) + "TODO");

        var summary = await InspectAsync();

        Assert.Equal(1, summary.Findings);
        Assert.Equal(place + 4, _counts.Bytes);
    }

    [Fact]
    public async Task Run_ManyFiles_ReportsEachUnderItsOwnName()
    {
        for (var i = 1; i <= 300; i++)
            _directory.Write($"f{i}", string.Concat(Enumerable.Repeat("HACK\n", i)));

        var summary = await InspectAsync();

        Assert.Equal(300 * 301 / 2, summary.Findings);
        Assert.Equal(300, summary.Files);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => ($"f{300 - i}", 300L - i)), summary.WorstFiles.Select(file => (file.Path.ToStringUtf8(), file.Findings)));
    }

    [Fact]
    public async Task Run_InspectorThatFails_SaysWhichAndWhyAndStopsTheOthers()
    {
        for (var i = 0; i < 200; i++)
            _directory.Write($"f{i}", "TODO\n");
        var failing = new NamedInspector("failing", new FailingInspector());

        var failure = await Assert.ThrowsAsync<InspectException>(() => InspectAsync(failing));

        Assert.Equal("The plugin 'failing' failed with Unavailable: it broke at chunk 20", failure.Message);
    }

    [Fact]
    public async Task Run_InspectorThatEndsBeforeItHasAll_IsNoSuccess()
    {
        for (var i = 0; i < 200; i++)
            _directory.Write($"f{i}", "TODO\n");

        var failure = await Assert.ThrowsAsync<InspectException>(() => InspectAsync(new NamedInspector("lazy", new LazyInspector())));

        Assert.StartsWith("The plugin 'lazy' ended its work before all was sent to it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_EndsAsCancelled()
    {
        _directory.Write("file", "TODO");
        using var cancelled = new CancellationTokenSource();
        var inspection = new TreeInspection(
            [new NamedInspector("silent", new SilentInspector(cancelled))], [], onSkipped: null);
        using var walker = SourceTree.At(_directory.Path).Walk();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inspection.RunAsync(walker, _counts, cancelled.Token).WaitAsync(Limit, Cancellation));
    }

    private async Task<Summary> InspectAsync(params NamedInspector[] others)
    {
        await using var reporter = new ReporterCall("reporter", new ReporterService(), Cancellation);
        NamedInspector[] inspectors = [new("todo-inspector", new TodoInspectorService(new WordRules([]))), new("secret-inspector", new SecretInspectorService()), .. others];
        using var walker = SourceTree.At(_directory.Path).Walk();
        await new TreeInspection(inspectors, [reporter], onSkipped: null).RunAsync(walker, _counts, Cancellation).WaitAsync(Limit, Cancellation);
        return await reporter.CompleteAsync().WaitAsync(Limit, Cancellation);
    }

    private async Task MakeNastyTreeAsync()
    {
        var random = new Random(11);
        string[] words = ["TODO", "FIXME", "HACK", "XXX", "XXXX", "TODO_", "todo", "é", " ", " ", "\n", "\r\n", "/*", "()", "a1", ":"];
        for (var i = 0; i < 200; i++)
            _directory.Write($"d{i % 5}/.e{i % 3}/f{i.ToString(CultureInfo.InvariantCulture)}", string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => words[random.Next(words.Length)])));
        for (var i = 0; i < 3; i++)
            _directory.Write($"large{i}", string.Concat(Enumerable.Range(0, 100_000).Select(_ => words[random.Next(words.Length)])));
        _directory.Write("invalid", [.. "TODO "u8, 0xFF, .. "FIXME"u8, 0xC3, 0x28, .. "HACK\xE9XXX"u8]);
        _directory.Write("binary", [.. "TODO "u8, 0, .. "TODO"u8]);
        _directory.Write("binary at the last place", [.. Encoding.ASCII.GetBytes("TODO".PadRight(32 * 1024 - 1, '.')), 0]);
        _directory.Write("empty", "");
        _directory.Write("--option", "TODO");
        _directory.Write("new\nline", "TODO");
        _directory.Write("no end of line", "TODO");
        _directory.Write("one line", new string('X', 3_000_000) + " XXX");
        await Shell.RunAsync(_directory.Path, """
            mkfifo fifo; ln -s large0 symlink; ln -s .. up; ln -s nowhere dangling
            mkdir "$(printf 'dir\377')"; printf 'a TODO b' > "$(printf 'dir\377/file\200')"; printf 'FIXME' > "$(printf '\303')"
            """, Cancellation);
    }

    private sealed class FailingInspector : IInspector
    {
        public async IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var _ in requests.Take(20).WithCancellation(cancellationToken))
                continue;
            throw new RpcException(new Status(StatusCode.Unavailable, "it broke at chunk 20"));
#pragma warning disable CS0162 // What makes this a stream.
            yield break;
#pragma warning restore CS0162
        }
    }

    private sealed class LazyInspector : IInspector
    {
        public IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, CancellationToken cancellationToken) =>
            requests.Take(20).Where(_ => false).Select(_ => new Finding());
    }

    private sealed class SilentInspector(CancellationTokenSource cancel) : IInspector
    {
        public async IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var _ in requests.WithCancellation(cancellationToken))
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                yield return new Finding();
            }
        }
    }
}
