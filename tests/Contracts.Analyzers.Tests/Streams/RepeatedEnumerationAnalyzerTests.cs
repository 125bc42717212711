using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Analyzers.Streams;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Streams;

public sealed class RepeatedEnumerationAnalyzerTests
{
    [Theory]
    [InlineData("await foreach (var file in requests) { } await foreach (var file in [|requests|]) { }")]
    [InlineData("await foreach (var file in requests) { await foreach (var other in [|requests|]) { } }")]
    [InlineData("await foreach (var file in requests.WithCancellation(token)) { } await foreach (var file in [|requests|].ConfigureAwait(false)) { }")]
    [InlineData("var count = await requests.CountAsync(token); await foreach (var file in [|requests|]) { }")]
    [InlineData("var first = await requests.FirstAsync(token); var rest = await [|requests|].Skip(1).ToListAsync(token);")]
    [InlineData("await using var own = requests.GetAsyncEnumerator(token); await foreach (var file in [|requests|]) { }")]
    [InlineData("await foreach (var file in requests.Where(file => true)) { } await foreach (var file in [|requests|].Select(file => 1)) { }")]
    [InlineData("var some = requests.Where(file => true); await foreach (var file in some) { } await foreach (var file in [|requests|]) { }")]
    [InlineData("await foreach (var file in requests.Concat([|requests|])) { }")]
    [InlineData("if (flag) { await foreach (var file in requests) { } } await foreach (var file in [|requests|]) { }")]
    [InlineData("await foreach (var file in requests) { } if (flag) { await foreach (var file in [|requests|]) { } }")]
    [InlineData("await foreach (var file in requests) { if (flag) break; } await foreach (var file in [|requests|]) { }")]
    [InlineData("try { await foreach (var file in requests) { } } catch (RpcException) { } await foreach (var file in [|requests|]) { }")]
    [InlineData("await foreach (var finding in inspector.InspectAsync(requests)) { } await foreach (var file in [|requests|]) { }")]
    [InlineData("var findings = inspector.InspectAsync(requests); await foreach (var finding in findings) { } await foreach (var file in [|requests|]) { }")]
    public async Task Requests_EnumeratedTwice_AreReported(string statements)
    {
        var diagnostic = Assert.Single(await ReportsAsync(statements));

        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.StartsWith("'requests' is enumerated a second time, ", diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Single(diagnostic.AdditionalLocations);
    }

    [Theory]
    [InlineData("for (var i = 0; i < 3; i++) { await foreach (var file in [|requests|]) { } }")]
    [InlineData("while (flag) await foreach (var file in [|requests|]) { }")]
    [InlineData("do { if (flag) Use(1); _ = await [|requests|].CountAsync(token); } while (flag);")]
    [InlineData("foreach (var rule in new[] { 1, 2 }) { var matching = requests.Where(file => rule > 1); await foreach (var file in [|matching|]) { } }")]
    [InlineData("again: await foreach (var file in [|requests|]) { } if (flag) goto again;")]
    public async Task Requests_EnumeratedInALoop_AreReported(string statements)
    {
        var diagnostic = Assert.Single(await ReportsAsync(statements));

        Assert.StartsWith("'requests' is enumerated again in each round of the loop, ", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in [|changes|]) { }")]
    [InlineData("var changes = inspector.WatchAsync(new()).WithCancellation(token); await foreach (var change in changes) { } await foreach (var change in [|changes|]) { }")]
    [InlineData("var changes = inspector.WatchAsync(new()).Where(change => true); Use(await changes.CountAsync()); await foreach (var change in [|changes|]) { }")]
    [InlineData("var findings = inspector.InspectAsync(requests); await inspector.SummarizeAsync(findings); await inspector.SummarizeAsync([|findings|]);")]
    [InlineData("var findings = inspector.InspectAsync(requests); await inspector.SummarizeAsync(findings); await foreach (var finding in [|findings|]) { }")]
    [InlineData("var changes = inspector.WatchAsync(new()); foreach (var rule in new[] { 1, 2 }) { await foreach (var change in [|changes|]) { } }")]
    [InlineData("Func<Task> run = async () => { var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in [|changes|]) { } }; await run();")]
    [InlineData("await Local(); async Task Local() { var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in [|changes|]) { } }")]
    [InlineData("var changes = inspector.WatchAsync(new()); foreach (var change in changes.ToBlockingEnumerable()) { } foreach (var change in [|changes|].ToBlockingEnumerable()) { }")]
    public async Task Responses_EnumeratedTwice_AreReported(string statements)
    {
        Assert.Single(await ReportsAsync(statements));
    }

    [Theory]
    [InlineData("await foreach (var file in requests) { }")]
    [InlineData("if (flag) { await foreach (var file in requests) { } } else { await foreach (var file in requests) { } }")]
    [InlineData("if (flag) { await foreach (var file in requests) { } yield break; } await foreach (var file in requests) { }")]
    [InlineData("if (flag) { await foreach (var file in requests) { } } if (!flag) { await foreach (var file in requests) { } }")]
    [InlineData("switch (flag) { case true: await foreach (var file in requests) { } break; default: Use(await requests.CountAsync()); break; }")]
    [InlineData("Use(flag ? await requests.CountAsync() : await requests.FirstAsync());")]
    [InlineData("try { await foreach (var file in requests) { } } catch (RpcException) { await foreach (var file in requests) { } }")]
    [InlineData("try { await foreach (var file in requests) { } yield break; } catch (RpcException) { } await foreach (var file in requests) { }")]
    [InlineData("foreach (var rule in new[] { 1, 2 }) { if (rule == 1) { await foreach (var file in requests) { } } }")]
    [InlineData("while (true) { await foreach (var file in requests) { } break; }")]
    [InlineData("do { await foreach (var file in requests) { } } while (false);")]
    [InlineData("while (true) { try { await foreach (var file in requests) { } break; } catch (RpcException) { await Task.Delay(1, token); } }")]
    [InlineData("for (var i = 0; i < 3; i++) { if (i > 0) continue; await foreach (var file in requests) { } }")]
    [InlineData("for (var i = 0; i < 3; i++) { await using var own = inspector.WatchAsync(new()).GetAsyncEnumerator(token); while (await own.MoveNextAsync()) { } }")]
    [InlineData("var done = false; if (flag) { await foreach (var file in requests) { } done = true; } if (!done) { await foreach (var file in requests) { } }")]
    [InlineData("await using var own = requests.GetAsyncEnumerator(token); while (await own.MoveNextAsync()) { Use(own.Current); }")]
    [InlineData("IAsyncEnumerable<Change> changes; changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in changes) { }")]
    [InlineData("foreach (var rule in new[] { 1, 2 }) { await foreach (var change in inspector.WatchAsync(new())) { } }")]
    [InlineData("foreach (var rule in new[] { 1, 2 }) { var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } }")]
    [InlineData("var changes = inspector.WatchAsync(new()); await foreach (var change in changes) { } changes = inspector.WatchAsync(new()); await foreach (var change in changes) { }")]
    [InlineData("await foreach (var file in requests) { } requests = Empty(); await foreach (var file in requests) { }")]
    [InlineData("var all = await requests.ToListAsync(); foreach (var file in all) { } foreach (var file in all) { }")]
    [InlineData("var own = Empty(); await foreach (var file in own) { } await foreach (var file in own) { }")]
    [InlineData("var changes = local.WatchAsync(new()); await foreach (var change in changes) { } await foreach (var change in changes) { }")]
    [InlineData("Use(requests); await foreach (var file in requests) { }")]
    [InlineData("var some = requests.Where(file => true); var others = requests.Where(file => false); await foreach (var file in some) { }")]
    [InlineData("Func<Task<int>> count = async () => await requests.CountAsync(); await foreach (var file in requests) { }")]
    [InlineData("var changes = inspector.WatchAsync(new()); Func<Task<int>> one = async () => await changes.CountAsync(); Func<Task<int>> other = async () => await changes.CountAsync();")]
    [InlineData("var one = inspector.WatchAsync(new()); var other = inspector.WatchAsync(new()); await foreach (var change in one) { } await foreach (var change in other) { }")]
    [InlineData("var changes = inspector.WatchAsync(new()); Replace(ref changes); await foreach (var change in changes) { } await foreach (var change in changes) { }")]
    public async Task Stream_EnumeratedOnceAsFarAsCanBeRead_IsFine(string statements)
    {
        await ReportsAsync(statements);
    }

    [Fact]
    public async Task Stream_OfAProgram_IsReported()
    {
        await AnalyzerRun.ReportsAsync<RepeatedEnumerationAnalyzer>("""
            IInspector inspector = null!;
            var changes = inspector.WatchAsync(new());
            await foreach (var change in changes) { }
            await foreach (var change in [|changes|]) { }
            """);
    }

    [Fact]
    public async Task Parameter_OfAMethodThatHandlesNoCalls_IsFine()
    {
        await AnalyzerRun.ReportsAsync<RepeatedEnumerationAnalyzer>("""
            class Reader
            {
                public async Task ReadAsync(IAsyncEnumerable<FileChunk> files)
                {
                    await foreach (var file in files) { }
                    await foreach (var file in files) { }
                }
            }
            """);
    }

    private static Task<Diagnostic[]> ReportsAsync(string statements) => AnalyzerRun.ReportsAsync<RepeatedEnumerationAnalyzer>($$"""
        sealed class Inspector(bool flag, IInspector inspector, ILocalInspector local) : IInspector
        {
            public async IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, [EnumeratorCancellation] CancellationToken token)
            {
                await Task.Yield();
                {{statements}}
                Use(local);
                yield break;
            }

            private void Use(object value) => flag = value == inspector;

            private static void Replace<T>(ref T value)
            {
            }

            private static IAsyncEnumerable<FileChunk> Empty() => AsyncEnumerable.Empty<FileChunk>();
        }
        """);
}
