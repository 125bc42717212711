using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Analyzers.Blocking;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Blocking;

public sealed class BlockingAnalyzerTests
{
    [Theory]
    [InlineData("[|LoadAsync().Result|].ToString();", "Task.Result", "await the task")]
    [InlineData("_ = [|LoadValueAsync().Result|];", "ValueTask.Result", "await the task")]
    [InlineData("var loading = LoadAsync(); _ = [|loading.Result|];", "Task.Result", "await the task")]
    [InlineData("var loading = LoadAsync(); _ = [|loading.Result|]; await loading;", "Task.Result", "await the task")]
    [InlineData("[|LoadAsync().Wait()|];", "Task.Wait", "await the task")]
    [InlineData("[|LoadAsync().Wait(cancellationToken)|];", "Task.Wait", "await the task")]
    [InlineData("if ([|LoadAsync().Wait(100)|]) { }", "Task.Wait", "await the task")]
    [InlineData("[|LoadAsync().GetAwaiter().GetResult()|];", "GetAwaiter().GetResult()", "await the task")]
    [InlineData("[|LoadAsync().ConfigureAwait(false).GetAwaiter().GetResult()|];", "GetAwaiter().GetResult()", "await the task")]
    [InlineData("[|LoadValueAsync().GetAwaiter().GetResult()|];", "GetAwaiter().GetResult()", "await the task")]
    [InlineData("[|LoadValueAsync().ConfigureAwait(false).GetAwaiter().GetResult()|];", "GetAwaiter().GetResult()", "await the task")]
    [InlineData("[|Thread.Sleep(100)|];", "Thread.Sleep", "await Task.Delay")]
    [InlineData("[|Thread.Sleep(TimeSpan.FromSeconds(1))|];", "Thread.Sleep", "await Task.Delay")]
    [InlineData("[|Task.WaitAll(LoadAsync(), LoadAsync())|];", "Task.WaitAll", "await Task.WhenAll")]
    [InlineData("_ = [|Task.WaitAny(LoadAsync(), LoadAsync())|];", "Task.WaitAny", "await Task.WhenAny")]
    [InlineData("[|_gate.Wait(cancellationToken)|];", "SemaphoreSlim.Wait", "await WaitAsync")]
    [InlineData("foreach (var change in [|_inner.WatchAsync(new()).ToBlockingEnumerable(cancellationToken)|]) { }", "TaskAsyncEnumerableExtensions.ToBlockingEnumerable", "use await foreach")]
    [InlineData("[|_process.WaitForExit()|];", "Process.WaitForExit", "await WaitForExitAsync")]
    [InlineData("[|_ready.WaitOne()|];", "WaitHandle.WaitOne", "wait for something that can be awaited, such as a TaskCompletionSource or a SemaphoreSlim")]
    [InlineData("[|_set.Wait()|];", "ManualResetEventSlim.Wait", "wait for something that can be awaited, such as a TaskCompletionSource or a SemaphoreSlim")]
    [InlineData("Func<string> load = () => [|LoadAsync().Result|]; load();", "Task.Result", "await the task")]
    [InlineData("string Local() => [|LoadAsync().Result|]; Local();", "Task.Result", "await the task")]
    [InlineData("string Outer() { return Inner(); string Inner() => [|LoadAsync().Result|]; } Outer();", "Task.Result", "await the task")]
    public async Task Handler_ThatBlocks_IsReported(string statement, string what, string advice)
    {
        var diagnostic = Assert.Single(await ReportsAsync(statement));

        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.Equal($"'{what}' blocks a thread for as long as it waits, in an implementation of 'IInspector': {advice}", diagnostic.GetMessage(null));
    }

    [Theory]
    [InlineData("await LoadAsync();")]
    [InlineData("var loading = LoadAsync(); await loading; _ = loading.Result;")]
    [InlineData("var loading = LoadAsync(); await loading.ConfigureAwait(false); _ = loading.GetAwaiter().GetResult();")]
    [InlineData("var (one, other) = (LoadAsync(), LoadAsync()); await Task.WhenAll(one, other); _ = one.Result + other.Result;")]
    [InlineData("Task<string>[] all = [LoadAsync(), LoadAsync()]; await Task.WhenAll(all); foreach (var one in all) _ = one.Result + all[0].Result;")]
    [InlineData("await foreach (var one in Task.WhenEach(LoadAsync(), LoadAsync())) _ = one.Result;")]
    [InlineData("var first = await Task.WhenAny(LoadAsync(), LoadAsync()); _ = first.Result;")]
    [InlineData("_ = (await Task.WhenAny(LoadAsync(), LoadAsync())).Result;")]
    [InlineData("var loading = LoadValueAsync(); _ = loading.IsCompletedSuccessfully ? loading.Result : await loading;")]
    [InlineData("var loading = LoadAsync(); if (loading.Status == TaskStatus.RanToCompletion) _ = loading.Result;")]
    [InlineData("var loading = LoadAsync(); if (loading is { IsCompletedSuccessfully: true, Result: var text }) _ = text;")]
    [InlineData("_ = Task.FromResult(1).Result;")]
    [InlineData("Task<string>? loading = LoadAsync(); if (loading?.IsCompletedSuccessfully == true) _ = loading?.Result;")]
    [InlineData("try { await LoadAsync(); } finally { await Task.WhenAll(LoadAsync()).ContinueWith(_ => { }); } _ = LoadAsync().Exception;")]
    [InlineData("var (one, other) = (LoadAsync(), LoadAsync()); var first = await Task.WhenAny(one, other); _ = first == one ? one.Result : other.GetAwaiter().GetResult();")]
    [InlineData("LoadAsync().GetAwaiter().OnCompleted(() => { });")]
    [InlineData("await LoadAsync().ContinueWith(loaded => loaded.Result.Length);")]
    [InlineData("_ = nameof(Task<string>.Result); var loading = LoadAsync(); _ = nameof(loading.Result); await loading;")]
    [InlineData("await Task.Run(() => Thread.Sleep(100));")]
    [InlineData("await Task.Run(() => { for (var i = 0; i < 3; i++) Block(); });")]
    [InlineData("await Task.Run(Block);")]
    [InlineData("await Task.Factory.StartNew(Compute, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default); void Compute() => Thread.Sleep(1);")]
    [InlineData("new Thread(() => Thread.Sleep(100)).Start();")]
    [InlineData("Thread.Sleep(0); _ = LoadAsync().Wait(0); _ = _gate.Wait(TimeSpan.Zero); _ = _ready.WaitOne(0);")]
    [InlineData("await _gate.WaitAsync(cancellationToken); _gate.Release();")]
    [InlineData("_ = new Answer().Result + new Answer().Wait();")]
    public async Task Handler_ThatDoesNotBlock_IsFine(string statement)
    {
        await ReportsAsync(statement);
    }

    [Fact]
    public async Task MembersThatAHandlerReaches_ThatBlock_AreReported()
    {
        await AnalyzerRun.ReportsAsync<BlockingAnalyzer>("""
            sealed partial class Watcher : IWatcher
            {
                public IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => Changes(Length);

                private static int Length => Load(Read);
            }

            sealed partial class Watcher
            {
                private static int Load(Func<int> read) => read();

                private static int Read() => [|Task.Delay(1).ContinueWith(_ => 1).Result|];

                private static async IAsyncEnumerable<Change> Changes(int length)
                {
                    [|Thread.Sleep(length)|];
                    await Task.Yield();
                    yield break;
                }

                private static void NeverCalled() => Thread.Sleep(1);
            }
            """);
    }

    [Fact]
    public async Task Handler_OfADerivedClass_IsReported()
    {
        await AnalyzerRun.ReportsAsync<BlockingAnalyzer>("""
            abstract class Watcher : IWatcher
            {
                public abstract IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken);
            }

            sealed class SlowWatcher : Watcher
            {
                public override async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken)
                {
                    [|Thread.Sleep(100)|];
                    await Task.Yield();
                    yield break;
                }
            }

            sealed class ExplicitWatcher : IWatcher
            {
                async IAsyncEnumerable<Change> IWatcher.WatchAsync(WatchRequest request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
                {
                    [|Thread.Sleep(100)|];
                    await Task.Yield();
                    yield break;
                }
            }
            """);
    }

    [Fact]
    public async Task MembersThatHandleNoCalls_ThatBlock_AreFine()
    {
        await AnalyzerRun.ReportsAsync<BlockingAnalyzer>("""
            sealed class Watcher : IWatcher, IDisposable
            {
                private readonly Task _work = Task.Run(() => Thread.Sleep(1));

                public Watcher() => Thread.Sleep(1);

                public IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();

                public void Dispose() => _work.Wait();

                private sealed class Worker
                {
                    public void Work() => Thread.Sleep(1);
                }
            }

            sealed class LocalInspector : ILocalInspector
            {
                public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken)
                {
                    Thread.Sleep(1);
                    return new(new Description());
                }
            }
            """);
    }

    [Fact]
    public async Task GeneratedHandler_ThatBlocks_IsFine()
    {
        await AnalyzerRun.ReportsAsync<BlockingAnalyzer>("""
            // <auto-generated/>
            sealed class Watcher : IWatcher
            {
                public IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken)
                {
                    Thread.Sleep(1);
                    throw new NotImplementedException();
                }
            }
            """);
    }

    private static Task<Diagnostic[]> ReportsAsync(string statement) => AnalyzerRun.ReportsAsync<BlockingAnalyzer>($$"""
        sealed class Inspector : IInspector
        {
            private readonly SemaphoreSlim _gate = new(1);
            private readonly ManualResetEvent _ready = new(true);
            private readonly ManualResetEventSlim _set = new(true);
            private readonly System.Diagnostics.Process _process = new();
            private readonly IInspector _inner = null!;

            public async ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken)
            {
                await Task.Yield();
                {{statement}}
                return new Description();
            }

            private static Task<string> LoadAsync() => Task.FromResult("");

            private static ValueTask<string> LoadValueAsync() => new("");

            private static void Block() => Thread.Sleep(100);

            private sealed class Answer
            {
                public int Result => 1;

                public int Wait() => 1;
            }
        }
        """);
}
