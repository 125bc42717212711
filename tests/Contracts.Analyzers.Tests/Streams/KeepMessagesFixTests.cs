using Plugwire.Contracts.Analyzers.Streams;
using Plugwire.Contracts.Analyzers.Tests.Running;
using Plugwire.Contracts.CodeFixes;

namespace Plugwire.Contracts.Analyzers.Tests.Streams;

public sealed class KeepMessagesFixTests
{
    [Theory]
    [InlineData(
        "await foreach (var file in requests) Use(file);\n        // Again.\n        await foreach (var file in requests) Use(file);",
        "var allRequests = await requests.ToListAsync(token);\n        foreach (var file in allRequests) Use(file);\n        // Again.\n        foreach (var file in allRequests) Use(file);")]
    [InlineData(
        "await foreach (var file in requests.WithCancellation(token)) Use(file);\n        await foreach (var file in requests.ConfigureAwait(false)) Use(file);",
        "var allRequests = await requests.ToListAsync(token);\n        foreach (var file in allRequests) Use(file);\n        foreach (var file in allRequests) Use(file);")]
    [InlineData(
        "Use(await requests.CountAsync(token));\n        await foreach (var file in requests) Use(file);",
        "var allRequests = await requests.ToListAsync(token);\n        Use(await allRequests.ToAsyncEnumerable().CountAsync(token));\n        foreach (var file in allRequests) Use(file);")]
    [InlineData(
        "await foreach (var file in requests)\n        {\n            await foreach (var other in requests)\n                Use(other);\n        }",
        "var allRequests = await requests.ToListAsync(token);\n        foreach (var file in allRequests)\n        {\n            foreach (var other in allRequests)\n                Use(other);\n        }")]
    [InlineData(
        "for (var i = 0; i < 3; i++)\n        {\n            await foreach (var file in requests)\n                Use(file);\n        }",
        "var allRequests = await requests.ToListAsync(token);\n        for (var i = 0; i < 3; i++)\n        {\n            foreach (var file in allRequests)\n                Use(file);\n        }")]
    [InlineData(
        "ArgumentNullException.ThrowIfNull(requests);\n        await foreach (var finding in inspector.InspectAsync(requests)) Use(finding);\n        await foreach (var file in requests) Use(file);",
        "ArgumentNullException.ThrowIfNull(requests);\n        var allRequests = await requests.ToListAsync(token);\n        await foreach (var finding in inspector.InspectAsync(allRequests.ToAsyncEnumerable())) Use(finding);\n        foreach (var file in allRequests) Use(file);")]
    public async Task Fix_OfRequests_ReadsThemIntoAListBeforeTheFirst(string before, string after)
    {
        await FixRun.ChangesAsync<RepeatedEnumerationAnalyzer, KeepMessagesFix>(Class(before), Class(after));
    }

    [Theory]
    [InlineData(
        "var changes = inspector.WatchAsync(new());\n        await foreach (var change in changes) Use(change);\n        await foreach (var change in changes) Use(change);",
        "var changes = await inspector.WatchAsync(new()).ToListAsync(token);\n        foreach (var change in changes) Use(change);\n        foreach (var change in changes) Use(change);")]
    [InlineData(
        "IAsyncEnumerable<Change> changes = inspector.WatchAsync(new()).Where(change => true);\n        Use(await changes.CountAsync());\n        await foreach (var change in changes) Use(change);",
        "var changes = await inspector.WatchAsync(new()).Where(change => true).ToListAsync(token);\n        Use(await changes.ToAsyncEnumerable().CountAsync());\n        foreach (var change in changes) Use(change);")]
    [InlineData(
        "var findings = inspector.InspectAsync(requests);\n        await inspector.SummarizeAsync(findings);\n        await inspector.SummarizeAsync(findings);",
        "var findings = await inspector.InspectAsync(requests).ToListAsync(token);\n        await inspector.SummarizeAsync(findings.ToAsyncEnumerable());\n        await inspector.SummarizeAsync(findings.ToAsyncEnumerable());")]
    [InlineData(
        "Func<Task> run = async () => { var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in changes) { } };\n        await run();",
        "Func<Task> run = async () => { var changes = await inspector.WatchAsync(new()).ToListAsync(token); foreach (var change in changes) { } foreach (var change in changes) { } };\n        await run();")]
    public async Task Fix_OfResponses_MakesTheLocalAList(string before, string after)
    {
        await FixRun.ChangesAsync<RepeatedEnumerationAnalyzer, KeepMessagesFix>(Class(before), Class(after));
    }

    [Theory]
    [InlineData("var some = requests.Where(file => true); await foreach (var file in some) { } await foreach (var file in requests) { }")]
    [InlineData("foreach (var rule in new[] { 1, 2 }) { var matching = requests.Where(file => rule > 1); await foreach (var file in matching) { } }")]
    [InlineData("var changes = inspector.WatchAsync(new()).WithCancellation(token); await foreach (var change in changes) { } await foreach (var change in changes) { }")]
    [InlineData("if (flag) { await foreach (var file in requests) { } } await foreach (var file in requests) { }")]
    public async Task Fix_WhereAListWouldNotDoOrWouldReadWhatIsNotWanted_IsNotOffered(string statements)
    {
        Assert.Empty(await FixRun.ActionsAsync<RepeatedEnumerationAnalyzer, KeepMessagesFix>(Class(statements)));
    }

    [Fact]
    public async Task Fix_InAProgram_KeepsTheMessages()
    {
        await FixRun.ChangesAsync<RepeatedEnumerationAnalyzer, KeepMessagesFix>(
            "IInspector inspector = null!;\nvar changes = inspector.WatchAsync(new());\nawait foreach (var change in changes) { }\nawait foreach (var change in changes) { }\n",
            "IInspector inspector = null!;\nvar changes = await inspector.WatchAsync(new()).ToListAsync();\nforeach (var change in changes) { }\nforeach (var change in changes) { }\n");
    }

    [Fact]
    public async Task Fix_OfAStreamReadManyTimes_IsOneList()
    {
        var changed = await FixRun.ChangeAllAsync<RepeatedEnumerationAnalyzer, KeepMessagesFix>(
            Class("await foreach (var a in requests) { } await foreach (var b in requests) { } await foreach (var c in requests) { }"));

        Assert.Contains("foreach (var a in allRequests) { } foreach (var b in allRequests) { } foreach (var c in allRequests) { }", changed, StringComparison.Ordinal);
        Assert.Equal(2, changed.Split("ToListAsync").Length);
    }

    private static string Class(string statements) => $$"""
        sealed class Inspector(bool flag, IInspector inspector) : IInspector
        {
            public async IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, [EnumeratorCancellation] CancellationToken token)
            {
                await Task.Yield();
                {{statements}}
                Use(flag);
                yield break;
            }

            private void Use(object value) => _ = value == inspector;
        }
        """;
}
