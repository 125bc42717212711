using Plugwire.Hosting;
using Plugwire.Promises.Attacking;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin answers its host with messages over any limit.</summary>
internal sealed class G18LimitsOfHost : Promise
{
    private const double Mebibyte = 1024 * 1024;

    private readonly Figure _memory = Figure.AtMost("growth of the host's resident memory", "MiB", 17, "the limit, and 1 MiB");
    private readonly Figure _wrong = Figure.None("answers that are let through, or awaited for good");

    public override string Id => "G18";

    public override string Name => "limits of messages hold before there is memory for them, in a host";

    public override Amount Runs => new(2, 20, 100);

    public override IReadOnlyList<Figure> Figures => [_memory, _wrong];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var attack = Attack.Messages[run % Attack.Messages.Count];
        GC.Collect();
        var memory = ProcessFiles.ResidentBytes(Environment.ProcessId);
        PluginStartException? failure = null;

        try
        {
            await stage.StartAsync(stage.Options(Environment.ProcessPath!, "--attack", attack.Name), cancellationToken);
        }
        catch (PluginStartException exception)
        {
            failure = exception;
        }

        _memory.Add(Math.Max(0, ProcessFiles.ResidentBytes(Environment.ProcessId) - memory) / Mebibyte, attack.Name);
        _wrong.AddEach(failure is { Stage: PluginStartStage.Connect or PluginStartStage.Check, Reason: not PluginStartReason.TimedOut }
            ? []
            : [$"{attack.Name}: {failure?.Message.ReplaceLineEndings(" ") ?? "it started"}"]);
    }
}
