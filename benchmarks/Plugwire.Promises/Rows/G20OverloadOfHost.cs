using Plugwire.Hosting;
using Plugwire.Promises.Attacking;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin that means ill is started by a host, which calls another one meanwhile.</summary>
internal sealed class G20OverloadOfHost : Promise
{
    private const double Mebibyte = 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly Figure _memory = Figure.AtMost("growth of the host's resident memory", "MiB", 32);
    private readonly Figure _time = Figure.Time("after the time it has to connect, until its start has failed", 1000);
    private readonly Figure _recovery = Figure.Time("first call of another plugin afterwards", 1000);

    public override string Id => "G20";

    public override string Name => "known overloads of HTTP/2, against a host";

    public override Amount Runs => new(9, 27, 90);

    public override IReadOnlyList<Figure> Figures => [_memory, _time, _recovery];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var attack = Attack.All[run % Attack.All.Count];
        var neighbour = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var client = neighbour.CreateClient<Kinds.KindsClient>();
        await CallLoop.TimeAsync(client, 200, cancellationToken);
        var options = stage.Options(Environment.ProcessPath!, "--attack", attack.Name);
        options.ConnectTimeout = ConnectTimeout;
        GC.Collect();
        var memory = ProcessFiles.ResidentBytes(Environment.ProcessId);

        try
        {
            await stage.StartAsync(options, cancellationToken);

            // Overloads that a host can answer all of leave it running, and are no failure.
        }
        catch (PluginStartException failure)
        {
            // All that comes before is the start of a program.
            if (failure.Stage >= PluginStartStage.Connect)
                _time.Add(Math.Max(0, (failure.Elapsed - ConnectTimeout).TotalMilliseconds), $"{attack.Name}, with the start of the program");
            else
                throw;
        }

        _memory.Add(Math.Max(0, ProcessFiles.ResidentBytes(Environment.ProcessId) - memory) / Mebibyte, attack.Name);
        _recovery.Add(await Waiting.MeasureAsync(() => client.UnaryAsync(new Note(), cancellationToken: cancellationToken).ResponseAsync), attack.Name);
    }
}
