using System.Text.RegularExpressions;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;
using Plugwire.TestPlugins.Held.Contract;
using Plugwire.Wire.Launching;

namespace Plugwire.Promises.Rows;

/// <summary>A launch with all secrets that there are, and the places where others could read them.</summary>
internal sealed partial class G25NoSecretShows : Promise
{
    private readonly Figure _hits = Figure.None("values that look like a secret", "nobody outside knows the secrets: what is as long and as random as one is looked for; the id of the launch and the cookie, which are none, apart");

    public override string Id => "G25";

    public override string Name => "no secret in arguments, environments of children, or logs";

    public override Amount Runs => new(2, 10, 50);

    public override IReadOnlyList<Figure> Figures => [_hits];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        // With a connection for calls back, and so with the token of that.
        var options = stage.Faulty().AddHostContract<IHeld>(new Nothing());
        options.MinimumLogLevel = Microsoft.Extensions.Logging.LogLevel.Trace;
        var plugin = await stage.StartAsync(options, cancellationToken);
        var child = await plugin.CreateClient<Faults.FaultsClient>().StartChildAsync(new ChildRequest(), cancellationToken: cancellationToken);
        await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), cancellationToken: cancellationToken);

        // What the host has in its own environment is not the launch's.
        string[] places =
        [
            .. Own(ProcessFiles.Read(plugin.ProcessId, "environ")),
            .. Own(ProcessFiles.Read(child.ProcessId, "environ")),
            ProcessFiles.CommandLine(plugin.ProcessId),
            ProcessFiles.CommandLine(child.ProcessId),
            .. stage.Log.Kept,
        ];
        if (places.Length < 4)
            throw new InvalidOperationException("There is nothing to look into.");
        _hits.AddEach([.. places.Where(place => Secret().IsMatch(place)).Select(place => place[..Math.Min(60, place.Length)])]);
    }

    private static IEnumerable<string> Own(string environment) =>
        environment.Split('\0').Where(variable => !variable.StartsWith(LaunchVariables.LaunchId + "=", StringComparison.Ordinal)
            && !variable.EndsWith('=' + LaunchVariables.DefaultCookieValue, StringComparison.Ordinal)
            && variable.Split('=') is [var name, ..] && Environment.GetEnvironmentVariable(name) is null);

    // 128 bits and more, in hexadecimal or base64: with letters and digits, which names and paths do not mix for so long.
    [GeneratedRegex("(?=[A-Za-z+_-]*[0-9])(?=[0-9+_-]*[A-Za-z])[A-Za-z0-9+_-]{22,}")]
    private static partial Regex Secret();

    private sealed class Nothing : IHeld;
}
