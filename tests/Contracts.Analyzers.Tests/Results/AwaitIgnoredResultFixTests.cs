using Plugwire.Contracts.Analyzers.Results;
using Plugwire.Contracts.Analyzers.Tests.Running;
using Plugwire.Contracts.CodeFixes;

namespace Plugwire.Contracts.Analyzers.Tests.Results;

public sealed class AwaitIgnoredResultFixTests
{
    [Theory]
    [InlineData(
        "        // First of all.\n        inspector.DescribeAsync(new()); // Who is it?",
        "        // First of all.\n        await inspector.DescribeAsync(new()); // Who is it?")]
    [InlineData(
        "        inspector.DescribeAsync(new()).ConfigureAwait(false);",
        "        await inspector.DescribeAsync(new()).ConfigureAwait(false);")]
    [InlineData(
        "        if (token.CanBeCanceled)\n            inspector.DescribeAsync(new());",
        "        if (token.CanBeCanceled)\n            await inspector.DescribeAsync(new());")]
    [InlineData(
        "        inspector.WatchAsync(new());",
        "        await foreach (var change in inspector.WatchAsync(new()))\n        {\n        }")]
    [InlineData(
        "        // All of it.\n        _ = inspector.InspectAsync(files).WithCancellation(token);",
        "        // All of it.\n        await foreach (var finding in inspector.InspectAsync(files).WithCancellation(token))\n        {\n        }")]
    [InlineData(
        "        var change = 1;\n        inspector.WatchAsync(new());\n        token.Register(() => change++);",
        "        var change = 1;\n        await foreach (var change2 in inspector.WatchAsync(new()))\n        {\n        }\n        token.Register(() => change++);")]
    public async Task Fix_InAnAsyncMethod_AwaitsOrEnumerates(string before, string after)
    {
        await FixRun.ChangesAsync<IgnoredResultAnalyzer, AwaitIgnoredResultFix>(Method(before), Method(after));
    }

    [Fact]
    public async Task Fix_InAProgram_AwaitsOrEnumerates()
    {
        await FixRun.ChangesAsync<IgnoredResultAnalyzer, AwaitIgnoredResultFix>(
            "IInspector inspector = null!;\ninspector.DescribeAsync(new());\n",
            "IInspector inspector = null!;\nawait inspector.DescribeAsync(new());\n");
    }

    [Theory]
    [InlineData("Action run = () => inspector.DescribeAsync(new()); run();")]
    [InlineData("void Local() { inspector.DescribeAsync(new()); } Local();")]
    [InlineData("IInspector? maybe = inspector; maybe?.DescribeAsync(new());")]
    [InlineData("lock (inspector) { inspector.DescribeAsync(new()); }")]
    public async Task Fix_WhereNothingCanBeAwaited_IsNotOffered(string statement)
    {
        Assert.Empty(await FixRun.ActionsAsync<IgnoredResultAnalyzer, AwaitIgnoredResultFix>(Method(statement)));
    }

    private static string Method(string statements) => $$"""
        class Caller
        {
            async Task RunAsync(IInspector inspector, IAsyncEnumerable<FileChunk> files, CancellationToken token)
            {
                await Task.Yield();
        {{statements}}
            }
        }
        """;
}
