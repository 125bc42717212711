using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin writes more than anybody would read, without a line break and in the shortest of lines, while it is called.</summary>
internal sealed class G13FloodIsHarmless : Promise
{
    private const int MostMebibytes = 8;
    private const int IdleCalls = 1000;

    private static readonly Amount Mebibytes = new(64, 256, 1024);

    private readonly Figure _memory = Figure.AtMost("growth of the host's resident memory", "MiB", MostMebibytes);
    private readonly Figure _calls = Figure.Ratio("p99 of a unary call, beside that of an idle plugin", "×", 2, knownMiss: "on two processors those who write and read the flood take both, and a call waits for its turn");

    public override string Id => "G13";

    public override string Name => "a flood on standard error or standard output is harmless";

    public override Amount Runs => new(3, 6, 9);

    public override IReadOnlyList<Figure> Figures => [_memory, _calls];

    public override TimeSpan RunLimit => TimeSpan.FromMinutes(10);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var bytes = Mebibytes.At(stage.Scale) * 1024L * 1024;
        var go = Path.Combine(stage.Root, "go");
        var lines = string.Create(CultureInfo.InvariantCulture, $"(while [ ! -e '{go}' ]; do sleep 0.02; done; yes '' | head -c {bytes} >&2; rm '{go}') &");
        var options = run % 3 == 2 ? stage.FaultyAfter(lines) : stage.Faulty();

        // It would keep what is to be measured.
        options.LoggerFactory = null;
        var plugin = await stage.StartAsync(options, cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var idle = CallLoop.Percentile99(await CallLoop.TimeAsync(client, IdleCalls, cancellationToken));
        GC.Collect();
        var before = ProcessFiles.ResidentBytes(Environment.ProcessId);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchMemoryAsync(over.Token);

        var flood = run % 3 == 2
            ? FloodByLinesAsync(go, cancellationToken)
            : plugin.CreateClient<Faults.FaultsClient>().FloodAsync(new FloodRequest { FileDescriptor = 2 - (run % 3), Bytes = bytes }, cancellationToken: cancellationToken).ResponseAsync;
        var times = await CallLoop.TimeWhileAsync(client, flood, cancellationToken);

        await over.CancelAsync();
        var what = (run % 3) switch { 0 => "standard error without a line break", 1 => "standard output without a line break", _ => "lines of one byte" };
        _memory.Add(Math.Max(0, await watch - before) / 1024.0 / 1024, what);
        _calls.Add(CallLoop.Percentile99(times) / idle, $"{what}: {CallLoop.Percentile99(times).TotalMilliseconds:0.00} ms, idle {idle.TotalMilliseconds:0.00} ms");
    }

    private static async Task FloodByLinesAsync(string go, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(go, "", cancellationToken);
        while (File.Exists(go))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }

    private static async Task<long> WatchMemoryAsync(CancellationToken over)
    {
        var most = 0L;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, ProcessFiles.ResidentBytes(Environment.ProcessId));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return most;
    }
}
