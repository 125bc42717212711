using Plugwire.Contracts.Analyzers.Blocking;
using Plugwire.Contracts.Analyzers.Tests.Running;
using Plugwire.Contracts.CodeFixes;

namespace Plugwire.Contracts.Analyzers.Tests.Blocking;

public sealed class AwaitInsteadFixTests
{
    [Theory]
    [InlineData("var text = LoadAsync().Result;", "var text = await LoadAsync();")]
    [InlineData("var text = LoadAsync().Result.Trim();", "var text = (await LoadAsync()).Trim();")]
    [InlineData("var text = LoadAsync().Result + \"!\"; // Loud.", "var text = await LoadAsync() + \"!\"; // Loud.")]
    [InlineData("var text = LoadAsync().Result[1];", "var text = (await LoadAsync())[1];")]
    [InlineData("Use(LoadAsync().Result);", "Use(await LoadAsync());")]
    [InlineData("Use(LoadAsync().GetAwaiter().GetResult());", "Use(await LoadAsync());")]
    [InlineData("LoadAsync().ConfigureAwait(false).GetAwaiter().GetResult();", "await LoadAsync().ConfigureAwait(false);")]
    [InlineData("LoadAsync().Wait();", "await LoadAsync();")]
    [InlineData("LoadAsync().Wait(token);", "await LoadAsync().WaitAsync(token);")]
    [InlineData("Thread.Sleep(100);", "await Task.Delay(100, token);")]
    [InlineData("Thread.Sleep(TimeSpan.FromSeconds(1));", "await Task.Delay(TimeSpan.FromSeconds(1), token);")]
    [InlineData("Task.WaitAll(LoadAsync(), LoadAsync());", "await Task.WhenAll(LoadAsync(), LoadAsync());")]
    [InlineData("Task.WaitAny(LoadAsync(), LoadAsync());", "await Task.WhenAny(LoadAsync(), LoadAsync());")]
    [InlineData("_gate.Wait();", "await _gate.WaitAsync(token);")]
    [InlineData("_gate.Wait(token);", "await _gate.WaitAsync(token);")]
    [InlineData("if (_gate.Wait(100)) { }", "if (await _gate.WaitAsync(100, token)) { }")]
    [InlineData("_process.WaitForExit();", "await _process.WaitForExitAsync(token);")]
    [InlineData(
        "foreach (var change in _inner.WatchAsync(new()).ToBlockingEnumerable(token)) Use(change);",
        "await foreach (var change in _inner.WatchAsync(new()).WithCancellation(token)) Use(change);")]
    [InlineData(
        "foreach (var change in _inner.WatchAsync(new()).ToBlockingEnumerable()) Use(change);",
        "await foreach (var change in _inner.WatchAsync(new())) Use(change);")]
    [InlineData("Func<Task> run = async () => Thread.Sleep(1); await run();", "Func<Task> run = async () => await Task.Delay(1, token); await run();")]
    [InlineData("await Local(); static async Task Local() => Thread.Sleep(1);", "await Local(); static async Task Local() => await Task.Delay(1);")]
    [InlineData("await Local(default); async Task Local(CancellationToken own) => Thread.Sleep(1);", "await Local(default); async Task Local(CancellationToken own) => await Task.Delay(1, own);")]
    public async Task Fix_InAnAsyncMethod_Awaits(string before, string after)
    {
        await FixRun.ChangesAsync<BlockingAnalyzer, AwaitInsteadFix>(Class(before), Class(after));
    }

    [Theory]
    [InlineData("Func<string> load = () => LoadAsync().Result; load();")]
    [InlineData("lock (_gate) { LoadAsync().Wait(); }")]
    [InlineData("_ = LoadAsync().Wait(100);")]
    [InlineData("LoadAsync().Wait(100);")]
    [InlineData("_ = Task.WaitAny(LoadAsync(), LoadAsync());")]
    [InlineData("Task.WaitAll([LoadAsync()], 100);")]
    [InlineData("var changes = _inner.WatchAsync(new()).ToBlockingEnumerable();")]
    [InlineData("try { } catch (Exception) when (LoadAsync().Result == \"\") { }")]
    [InlineData("_process.WaitForExit(100);")]
    public async Task Fix_WhereNothingCanBeAwaited_IsNotOffered(string statement)
    {
        Assert.Empty(await FixRun.ActionsAsync<BlockingAnalyzer, AwaitInsteadFix>(Class(statement)));
    }

    [Fact]
    public async Task Fixes_OfSeveral_LeaveNothingThatBlocks()
    {
        var changed = await FixRun.ChangeAllAsync<BlockingAnalyzer, AwaitInsteadFix>(Class("Use(LoadAsync().Result + LoadAsync().Result); Thread.Sleep(1);"));

        Assert.Contains("Use(await LoadAsync() + await LoadAsync()); await Task.Delay(1, token);", changed, StringComparison.Ordinal);
    }

    private static string Class(string statement) => $$"""
        sealed class Inspector : IInspector
        {
            private readonly SemaphoreSlim _gate = new(1);
            private readonly System.Diagnostics.Process _process = new();
            private readonly IInspector _inner = null!;

            public async ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken token)
            {
                {{statement}}
                _gate.Release();
                _process.Refresh();
                await foreach (var change in _inner.WatchAsync(new()))
                    Use(change);
                return new Description();
            }

            private static async Task<string> LoadAsync()
            {
                await Task.Yield();
                return "";
            }

            private static void Use(object value)
            {
            }
        }
        """;
}
