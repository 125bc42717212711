using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A host is killed while its plugin is frozen, is no plugin of the SDK's, or has descendants that have got away from it.</summary>
internal sealed class G01HostKilledUnnoticed : Promise
{
    private static readonly string[] Scripts =
    [
        "echo ready >&2; exec sleep 1000",
        "trap '' TERM HUP; echo ready >&2; while :; do sleep 1000; done",
        "setsid sleep 1000 & (sleep 1000 &); echo ready >&2; exec sleep 1000",
        "setsid sleep 1000 & echo ready >&2; kill -STOP $$",
    ];

    private readonly Figure _survivors = Figure.None("processes that survive");
    private readonly Figure _files = Figure.None("files that the next host does not clear up");
    private readonly Figure _time = Figure.Time("until all are gone", 250, knownMiss: "the guard sends the terminate signal after 0.1 s and kills after 1.6 s, so that plugins may end in order");

    public override string Id => "G01";

    public override string Name => "no orphan after the host's SIGKILL (plugins that are frozen, or written in other languages)";

    public override Amount Runs => new(5, 40, 1000);

    public override IReadOnlyList<Figure> Figures => [_survivors, _files, _time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var script = run % (Scripts.Length + 1);
        await using var host = script == 0 ? KilledHost.Start(stage, Programs.Faulty) : KilledHost.Start(stage, "/bin/sh", "-c", Scripts[script - 1]);
        var plugin = await host.UntilLoggedAsync(script == 0 ? ") serves" : "ready", cancellationToken);
        if (script == 0)
            Signals.Send(plugin, Signals.Stop);

        var (time, survivors) = await host.KillAsync(cancellationToken);

        _time.Add(time, script == 0 ? "a frozen plugin" : Scripts[script - 1]);
        _survivors.AddEach(survivors);
        _files.AddEach(await host.LeftByTheNextHostAsync(cancellationToken));
    }
}
