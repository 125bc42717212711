using System.Globalization;
using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>The application's log throws, blocks, or stands on a full disk.</summary>
internal sealed class G14SinkIsHarmless : Promise
{
    private const int Calls = 200;
    private const int Lines = 20_000;
    private const string LeftOut = " were left out of the log.";

    private readonly Figure _lost = Figure.None("calls that fail");
    private readonly Figure _lines = Figure.None("lines that are neither logged nor counted");

    public override string Id => "G14";

    public override string Name => "a log sink that fails is harmless";

    public override Amount Runs => new(3, 15, 60);

    public override IReadOnlyList<Figure> Figures => [_lost, _lines];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        await CallBesideABrokenSinkAsync(stage, run % 3, cancellationToken);
        await CountLinesAsync(stage, cancellationToken);
    }

    private async Task CallBesideABrokenSinkAsync(Stage stage, int kind, CancellationToken cancellationToken)
    {
        using var released = new ManualResetEventSlim();
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stage.Log.Sink = kind switch
        {
            0 => static _ => throw new InvalidOperationException("The sink is broken."),
            1 => _ => released.Wait(cancellationToken),
            _ => _ => full.WriteByte(0),
        };
        try
        {
            var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
            var (client, faults) = (plugin.CreateClient<Kinds.KindsClient>(), plugin.CreateClient<Faults.FaultsClient>());
            var failures = new List<string>();
            for (var i = 0; i < Calls; i++)
            {
                var log = await CallLoop.FailureAsync(faults.LogAsync(new LogRequest { Level = "Warning", Text = "again", Number = i }, cancellationToken: cancellationToken).ResponseAsync);
                var call = await CallLoop.FailureAsync(client.UnaryAsync(new Note(), cancellationToken: cancellationToken).ResponseAsync);
                failures.AddRange(new[] { log, call }.OfType<Exception>().Select(failure => failure.Message));
            }

            _lost.AddEach(failures);
            await plugin.StopAsync(cancellationToken);
        }
        finally
        {
            released.Set();
            stage.Log.Sink = null;
        }
    }

    private async Task CountLinesAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (logged, leftOut) = (0, 0);
        stage.Log.Sink = text =>
        {
            if (text == "y")
                Interlocked.Increment(ref logged);
            else if (text.EndsWith(LeftOut, StringComparison.Ordinal))
                Interlocked.Add(ref leftOut, int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture));
        };
        var options = stage.Shell(string.Create(CultureInfo.InvariantCulture, $"yes | head -n {Lines} >&2; exit 3"));
        options.MaxLogLinesPerSecond = 100;
        try
        {
            await stage.StartAsync(options, cancellationToken);
        }
        catch (PluginStartException)
        {
            // As is meant.
        }

        stage.Log.Sink = null;
        _lines.Add(Math.Abs(Lines - logged - leftOut), $"{logged} logged, {leftOut} counted of {Lines}");
    }
}
