using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Starts and calls that fail for one reason after the other.</summary>
internal sealed class G37ErrorsSayWhatToDo : Promise
{
    private static readonly (PluginStartReason Reason, Func<Stage, PluginOptions> Make)[] Starts =
    [
        (PluginStartReason.NotFound, stage => stage.Options("/no/such/program")),
        (PluginStartReason.IsDirectory, stage => stage.Options("/usr")),
        (PluginStartReason.NotExecutable, stage => stage.Options(Script(stage, "#!/bin/sh", UnixFileMode.UserRead))),
        (PluginStartReason.RuntimeMissing, stage => stage.Options(Script(stage, "#!/no/such/interpreter"))),
        (PluginStartReason.BadFormat, stage => stage.Options(Script(stage, "no program at all"))),
        (PluginStartReason.WorkingDirectoryMissing, stage => With(stage.Faulty(), options => options.WorkingDirectory = "/no/such/directory")),
        (PluginStartReason.LaunchDirectoryUnusable, stage => With(stage.Faulty(), options => options.LaunchDirectoryRoot = "/proc/none")),
        (PluginStartReason.InvalidOptions, stage => With(stage.Faulty(), options => options.StartTimeout = TimeSpan.FromSeconds(-5))),
        (PluginStartReason.ExitedEarly, stage => stage.Shell("echo 'no paper' >&2; exit 7")),
        (PluginStartReason.TimedOut, stage => With(stage.Shell("exec sleep 100"), options => options.StartTimeout = TimeSpan.FromMilliseconds(300))),
        (PluginStartReason.BadHandshake, stage => stage.Shell("echo Hello; exec sleep 100")),
        (PluginStartReason.VersionMismatch, stage => With(stage.Faulty("--versions=7,8"), options => options.ProtocolVersions.Add(3))),
        (PluginStartReason.UnsupportedProtocol, stage => stage.Shell("echo '1|1|unix|/tmp/x|netrpc|'; exec sleep 100")),
        (PluginStartReason.AddressRefused, stage => stage.Shell("echo '1|1|unix|/tmp/somebody-elses|grpc|'; exec sleep 100")),
    ];

    private readonly Figure _starts = Figure.None("failed starts with another reason, or without the plugin, the step, what was found and what to do");
    private readonly Figure _calls = Figure.None("failed calls with another reason, or without the plugin, the method and what happened");

    public override string Id => "G37";

    public override string Name => "errors say what, where, why and what to do";

    public override Amount Runs => new(1, 2, 5);

    public override IReadOnlyList<Figure> Figures => [_starts, _calls];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        foreach (var (reason, make) in Starts)
            _starts.AddEach(await WrongOfStartAsync(stage, reason, make(stage), cancellationToken));

        var options = stage.Faulty();
        (options.Restart.Policy, options.Restart.MaxRestarts) = (PluginRestartPolicy.OnCrash, 0);
        var plugin = await stage.StartAsync(options, cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        await WrongOfCallAsync(PluginCallReason.Cancelled, client.UnaryAsync(new Note { Hold = Hold.ForGood }, cancellationToken: cancelled.Token));
        await WrongOfCallAsync(PluginCallReason.DeadlineExceeded, client.UnaryAsync(new Note { Hold = Hold.ForGood }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100), cancellationToken: cancellationToken));
        await WrongOfCallAsync(PluginCallReason.Rejected, client.UnaryAsync(new Note { Text = new string('x', 17 * 1024 * 1024) }, cancellationToken: cancellationToken));
        var dies = client.UnaryAsync(new Note { Hold = Hold.ForGood }, cancellationToken: cancellationToken);
        await dies.ResponseHeadersAsync;
        Signals.Send(plugin.ProcessId, Signals.Kill);
        await WrongOfCallAsync(PluginCallReason.PluginDied, dies);
        await plugin.UntilAsync(status => status.State == PluginState.Quarantined, cancellationToken);
        await WrongOfCallAsync(PluginCallReason.Quarantined, client.UnaryAsync(new Note(), cancellationToken: cancellationToken));
        await plugin.RestartAsync(cancellationToken);
        await plugin.StopAsync(cancellationToken);
        await WrongOfCallAsync(PluginCallReason.StoppedByHost, client.UnaryAsync(new Note(), cancellationToken: cancellationToken));
    }

    private static async Task<IReadOnlyList<string>> WrongOfStartAsync(Stage stage, PluginStartReason reason, PluginOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await stage.StartAsync(options, cancellationToken);
            return [$"{reason}: it started"];
        }
        catch (PluginStartException failure)
        {
            string[] parts = ["Plugin 'subject' did not start: ", " failed after ", "Found: "];
            var missing = parts.Where(part => !failure.Message.Contains(part, StringComparison.Ordinal)).ToList();
            if (!failure.Message.Contains("What to do: ", StringComparison.Ordinal) && !failure.Message.Contains("Expected: ", StringComparison.Ordinal))
                missing.Add("What to do: ");
            return failure.Reason == reason && missing.Count == 0 ? [] : [$"{reason}: {failure.Reason}, without '{string.Join("', '", missing)}': {failure.Message.ReplaceLineEndings(" ")}"];
        }
    }

    private async Task WrongOfCallAsync(PluginCallReason reason, AsyncUnaryCall<Note> call)
    {
        var failure = await CallLoop.FailureAsync(call.ResponseAsync);
        var isRight = failure is PluginCallException { Reason: var found } && found == reason
            && failure.Message.Contains("on plugin 'subject' failed with ", StringComparison.Ordinal)
            && failure.Message.Contains("/plugwire.testplugins.faulty.Kinds/Unary", StringComparison.Ordinal);
        _calls.AddEach(isRight ? [] : [$"{reason}: {failure?.Message.ReplaceLineEndings(" ") ?? "it succeeded"}"]);
    }

    private static PluginOptions With(PluginOptions options, Action<PluginOptions> change)
    {
        change(options);
        return options;
    }

    private static string Script(Stage stage, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var path = Path.Combine(stage.Root, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, text + "\n");
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
