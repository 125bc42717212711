using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Analyzers.Results;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Results;

public sealed class IgnoredResultAnalyzerTests
{
    [Theory]
    [InlineData("[|inspector.DescribeAsync(new())|];")]
    [InlineData("[|inspector.DescribeAsync(new(), default, token)|].ConfigureAwait(false);")]
    [InlineData("[|inspector.SummarizeAsync(findings)|].AsTask();")]
    [InlineData("maybe?[|.DescribeAsync(new())|];")]
    [InlineData("Action run = () => [|inspector.DescribeAsync(new())|];")]
    [InlineData("void Local() => [|inspector.DescribeAsync(new())|]; Local();")]
    [InlineData("for (var i = 0; i < 3; [|inspector.DescribeAsync(new())|]) i++;")]
    public async Task UnaryCall_ThatNobodyAwaits_IsReported(string statement)
    {
        var diagnostic = Assert.Single(await ReportsAsync(statement));

        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.EndsWith("is ignored: without an await nobody learns when the call has ended, and how", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[|inspector.WatchAsync(new())|];")]
    [InlineData("_ = [|inspector.WatchAsync(new())|];")]
    [InlineData("[|inspector.InspectAsync(files)|].WithCancellation(token).ConfigureAwait(false);")]
    [InlineData("[|inspector.WatchAsync(new())|].Where(change => true).Take(3);")]
    [InlineData("_ = [|inspector.WatchAsync(new())|].Select(change => 1);")]
    [InlineData("_ = maybe?[|.WatchAsync(new())|];")]
    [InlineData("_ = (object)[|inspector.WatchAsync(new())|];")]
    public async Task Stream_ThatNobodyEnumerates_IsReportedAsNeverCalled(string statement)
    {
        var diagnostic = Assert.Single(await ReportsAsync(statement));

        Assert.EndsWith("is ignored: the call begins when its stream is enumerated, and is never made", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfAnImplementation_IsReportedAsWell()
    {
        await AnalyzerRun.ReportsAsync<IgnoredResultAnalyzer>("""
            class Watcher : IWatcher
            {
                public virtual IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }

            class SlowWatcher : Watcher
            {
                public override IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }

            class Test
            {
                void Run(SlowWatcher watcher) => [|watcher.WatchAsync(new(), default, default)|];
            }
            """);
    }

    [Fact]
    public async Task Call_InAProgram_IsReported()
    {
        await AnalyzerRun.ReportsAsync<IgnoredResultAnalyzer>("IInspector inspector = null!;\n[|inspector.WatchAsync(new())|];");
    }

    [Theory]
    [InlineData("await inspector.DescribeAsync(new());")]
    [InlineData("await inspector.DescribeAsync(new()).ConfigureAwait(false);")]
    [InlineData("_ = inspector.DescribeAsync(new());")]
    [InlineData("_ = inspector.DescribeAsync(new()).AsTask();")]
    [InlineData("var description = inspector.DescribeAsync(new()); await description;")]
    [InlineData("Use(inspector.WatchAsync(new()));")]
    [InlineData("Use(_ = inspector.WatchAsync(new()));")]
    [InlineData("var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { }")]
    [InlineData("_ = await inspector.WatchAsync(new()).FirstAsync();")]
    [InlineData("_ = inspector.WatchAsync(new()).ToListAsync();")]
    [InlineData("Func<ValueTask<Description>> run = () => inspector.DescribeAsync(new());")]
    [InlineData("Func<IAsyncEnumerable<Change>> run = () => inspector.WatchAsync(new());")]
    [InlineData("local.DescribeAsync(new()); _ = local.WatchAsync(new());")]
    [InlineData("inspector.ToString();")]
    [InlineData("findings.WithCancellation(token);")]
    public async Task Call_ThatIsUsedOrNoContracts_IsFine(string statement)
    {
        await ReportsAsync(statement);
    }

    private static Task<Diagnostic[]> ReportsAsync(string statement) => AnalyzerRun.ReportsAsync<IgnoredResultAnalyzer>($$"""
        class Caller
        {
            async Task RunAsync(IInspector inspector, IInspector? maybe, ILocalInspector local, IAsyncEnumerable<FileChunk> files, IAsyncEnumerable<Finding> findings, CancellationToken token)
            {
                await Task.Yield();
                {{statement}}
            }

            static void Use(object? value) { }
        }
        """);
}
