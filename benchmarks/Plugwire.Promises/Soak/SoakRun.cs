using System.Collections.Concurrent;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Soak;

/// <summary>Lets plugins live through all that can happen to them, under a load of calls, and looks at what is left: nothing may be, and each call must have had one end.</summary>
internal sealed class SoakRun(SoakOptions options, TextWriter output)
{
    private const long MemorySlack = 8 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly CallLedger _ledger = new();
    private readonly ConcurrentDictionary<string, int> _mischief = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _unobserved = new();

    /// <returns>Whether all is as it should be.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync($"{options.Plugins} plugins soak for {options.Length}; seed {options.Seed}.");
        TaskScheduler.UnobservedTaskException += NoteUnobserved;
        try
        {
            await using var stage = new Stage(Scale.Short);

            // What the first plugins of a process bring to life, stays: code, threads of the runtime, and the arrays of the shared pool, which gives them back over many minutes.
            await SoakAsync(stage, options.Plugins, WarmUp, new CallLedger(), new ConcurrentDictionary<string, int>(), cancellationToken);
            var before = HostFootprint.Take();
            var memory = Memory();

            var past = await SoakAsync(stage, options.Plugins, options.Length, _ledger, _mischief, cancellationToken);

            return await ReportAsync(await FindAsync(stage, before, memory, past, cancellationToken));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= NoteUnobserved;
        }
    }

    /// <returns>The plugins that there have been.</returns>
    private async Task<IReadOnlyList<WeakReference>> SoakAsync(
        Stage stage, int plugins, TimeSpan length, CallLedger ledger, ConcurrentDictionary<string, int> mischief, CancellationToken cancellationToken)
    {
        SoakedPlugin[] all = [.. Enumerable.Range(0, plugins).Select(index => new SoakedPlugin(stage, index, ledger))];
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = cancellationToken }, async (plugin, token) => await plugin.StartAsync(token));
            over.CancelAfter(length);
            await Task.WhenAll(
            [
                .. all.Select((plugin, index) => new CallLoad(() => plugin.Client, ledger, new Random(options.Seed + index)).RunAsync(over.Token)),
                .. all.Select((plugin, index) => MistreatAsync(plugin, new Random(options.Seed - index - 1), ledger, mischief, over.Token)),
                TellAsync(ledger, over.Token),
            ]);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await Task.WhenAll(all.Select(plugin => plugin.DisposeAsync().AsTask()));
        }

        return [.. all.SelectMany(plugin => plugin.Past)];
    }

    // About every five seconds for each plugin, as the promise has it.
    private static async Task MistreatAsync(SoakedPlugin plugin, Random random, CallLedger ledger, ConcurrentDictionary<string, int> mischief, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000, 9000)), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;

            try
            {
                var what = await plugin.MistreatAsync(random, CancellationToken.None);
                mischief.AddOrUpdate(what, 1, static (_, count) => count + 1);
            }
            catch (Exception failure)
            {
                ledger.Complain($"after a mischief: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private async Task TellAsync(CallLedger ledger, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(Heartbeat, TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;

            await SayAsync($"{ledger.Begun} calls, {ledger.Ended} of them ended; {ProcessFiles.ResidentBytes(Environment.ProcessId) / 1024 / 1024} MiB resident; {_ledger.Errors.Count} complaints.");
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(Stage stage, HostFootprint before, long memory, IReadOnlyList<WeakReference> past, CancellationToken cancellationToken)
    {
        var growth = await before.GrowthAsync(Patience, cancellationToken);
        var memoryAfter = await SettledMemoryAsync(memory, past, cancellationToken);
        var alive = past.Count(plugin => plugin.IsAlive);
        return
        [
            .. _ledger.Errors,
            .. _ledger.Open.Take(20).Select(call => $"{call}: it has no end"),
            .. _ledger.Begun != _ledger.Ended + _ledger.Open.Count ? (string[])[$"{_ledger.Begun} calls were begun, and {_ledger.Ended} ended, with {_ledger.Open.Count} open"] : [],
            .. growth.Select(thing => $"left in the host: {thing}"),
            .. stage.Leftovers(),
            .. memoryAfter - memory > MemorySlack ? (string[])[$"the host's objects have {memoryAfter / 1024} KiB, {memory / 1024} KiB before; {MemorySlack / 1024} KiB more would do"] : [],
            .. alive > 0 ? (string[])[$"{alive} of {past.Count} plugins are still held by something"] : [],
            .. _unobserved.Select(failure => $"nobody looked at the failure of a task: {failure}"),
        ];
    }

    private async Task<bool> ReportAsync(IReadOnlyList<string> findings)
    {
        await SayAsync($"{_ledger.Begun} calls: {string.Join(", ", _ledger.Ends.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}.");
        await SayAsync($"{_mischief.Values.Sum()} times mischief: {string.Join(", ", _mischief.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}.");
        foreach (var finding in findings)
            await SayAsync($"WRONG: {finding}.");
        await SayAsync(findings.Count == 0 ? "Nothing is left, and each call had one end." : $"{findings.Count} things are wrong; seed {options.Seed}.");
        return findings.Count == 0;
    }

    // Until nothing more becomes free, or all is as before.
    private static async Task<long> SettledMemoryAsync(long before, IReadOnlyList<WeakReference> past, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        long memory;
        while (((memory = Memory()) - before > MemorySlack || past.Any(plugin => plugin.IsAlive)) && TimeProvider.System.GetElapsedTime(began) < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        return memory;
    }

    private static long Memory()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private void NoteUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments) => _unobserved.Enqueue(arguments.Exception.GetBaseException().Message.ReplaceLineEndings(" "));

    private Task SayAsync(string text) => output.WriteLineAsync(text);
}
