using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin ends at each of six points in each of four ways: 24 cells.</summary>
internal sealed class G10CrashSaysWhy : Promise
{
    private static readonly FaultPoint[] Points =
        [FaultPoint.BeforeHandshake, FaultPoint.DuringHandshake, FaultPoint.AfterHandshake, FaultPoint.Call(1), FaultPoint.Message(2), FaultPoint.Shutdown];

    // What a shell shows as signal 9 is no signal. A SIGSEGV that a process sends itself is none to .NET.
    private static readonly (Func<FaultPoint, ProcessFault> Fault, int? ExitCode, int? Signal)[] Ends =
    [
        (point => ProcessFault.Exit(point, 7), 7, null),
        (point => ProcessFault.Exit(point, 137), 137, null),
        (point => ProcessFault.Signal(point, Signals.Kill), null, Signals.Kill),
        (point => ProcessFault.Crash(point, "nobody catches me"), null, Signals.Abort),
    ];

    private readonly Figure _wrong = Figure.None("cells with another stage, code or signal, or without the last words");

    public override string Id => "G10";

    public override string Name => "the error of a crash says why";

    public override Amount Runs => new(24, 48, 240);

    public override IReadOnlyList<Figure> Figures => [_wrong];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var point = Points[run % Points.Length];
        var (make, exitCode, signal) = Ends[run / Points.Length % Ends.Length];
        var fault = make(point);
        var (found, code, ended, tail) = await EndAsync(stage, point, fault, cancellationToken);
        var isRight = found is null && code == exitCode && ended == signal && tail.Contains($"at {point}: {fault.Action}", StringComparison.Ordinal);
        _wrong.AddEach(isRight ? [] : [$"{fault.Action} at {point}: {found}, exit code {code}, signal {ended}, '{tail}'"]);
    }

    /// <returns>What is wrong with the stage, null for nothing; and how the process ended, as the host says.</returns>
    private static async Task<(string? Wrong, int? ExitCode, int? Signal, string Tail)> EndAsync(Stage stage, FaultPoint point, ProcessFault fault, CancellationToken cancellationToken)
    {
        Plugin plugin;
        try
        {
            plugin = await stage.StartAsync(stage.Faulty(fault), cancellationToken);
        }
        catch (PluginStartException failure)
        {
            // Once the handshake is out, the host may have come to any of the later steps; before that, there is one.
            var isStart = point == FaultPoint.BeforeHandshake || point == FaultPoint.DuringHandshake
                ? failure.Stage == PluginStartStage.Handshake
                : point == FaultPoint.AfterHandshake && failure.Stage > PluginStartStage.Handshake;
            return (isStart ? null : $"failed at {failure.Stage}", failure.ExitCode, failure.Signal, failure.StandardErrorTail);
        }

        if (point == FaultPoint.AfterHandshake || point == FaultPoint.Shutdown)
        {
            var exit = point == FaultPoint.Shutdown ? await plugin.StopAsync(cancellationToken) : await plugin.Completion.WaitAsync(cancellationToken);
            return (exit.Reason == (point == FaultPoint.Shutdown ? PluginExitReason.Stopped : PluginExitReason.Crashed) ? null : exit.Reason.ToString(), exit.ExitCode, exit.Signal, exit.StandardErrorTail);
        }

        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var stream = client.ServerStream(new Note { Number = 10, Hold = Hold.ForGood }, cancellationToken: cancellationToken);
        var call = await CallLoop.FailureAsync(ReadAsync(stream.ResponseStream, cancellationToken)) as PluginCallException;
        return (call?.Reason == PluginCallReason.PluginDied ? null : $"call: {call?.Reason}", call?.ExitCode, call?.Signal, call?.StandardErrorTail ?? "");
    }

    private static async Task ReadAsync(Grpc.Core.IAsyncStreamReader<Note> stream, CancellationToken cancellationToken)
    {
        while (await stream.MoveNext(cancellationToken))
        {
            // To its end.
        }
    }
}
