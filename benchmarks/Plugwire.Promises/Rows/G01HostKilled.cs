using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A host is killed at some point of its plugin's start, at random moments, and when the plugin serves.</summary>
internal sealed class G01HostKilled : Promise
{
    private static readonly string[][] Points =
    [
        [],
        ["--at=before-handshake", "--do=hang"],
        ["--at=during-handshake", "--do=hang"],
        ["--at=after-handshake", "--do=hang"],
        ["--deaf=signals"],
    ];

    private readonly Figure _survivors = Figure.None("processes that survive");
    private readonly Figure _files = Figure.None("files that the next host does not clear up");
    private readonly Figure _gone = Figure.Time("until a plugin that heeds is gone", 250);
    private readonly Figure _killed = Figure.Time("until one that hangs or is deaf is gone", 250, knownMiss: "its code has 1.5 s to end by itself before the SDK kills it");

    public override string Id => "G01";

    public override string Name => "no orphan after the host's SIGKILL (plugins made with the SDK)";

    public override Amount Runs => new(12, 80, 2000);

    public override IReadOnlyList<Figure> Figures => [_survivors, _files, _gone, _killed];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        // Every other run is killed at a moment of no importance, the others at one that the plugin says it has come to.
        var arguments = run % 2 == 0 ? Points[run / 2 % Points.Length] : [];
        await using var host = KilledHost.Start(stage, Programs.Faulty, arguments);
        if (run % 2 == 1)
            await Task.Delay(TimeSpan.FromMilliseconds(new Random(run).Next(600)), TimeProvider.System, cancellationToken);
        else
            await host.UntilLoggedAsync(arguments.Length > 1 ? ": hang" : ") serves", cancellationToken);

        var (time, survivors) = await host.KillAsync(cancellationToken);

        (arguments.Length == 0 ? _gone : _killed).Add(time, $"run {run} {string.Join(' ', arguments)}");
        _survivors.AddEach(survivors);
        _files.AddEach(await host.LeftByTheNextHostAsync(cancellationToken));
    }
}
