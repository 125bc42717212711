using System.Globalization;
using Plugwire.Hosting.Failures;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What a host tells its plugin by environment and arguments.</summary>
internal static class LaunchChecks
{
    // What a host that is itself a plugin got from its own host.
    private const string OfAnotherLaunch = "of-another-launch";

    private static readonly Dictionary<string, string> Outer = new(StringComparer.Ordinal)
    {
        [LaunchVariables.ClientCertificate] = OfAnotherLaunch,
        [LaunchVariables.Multiplex] = OfAnotherLaunch,
        [LaunchVariables.SocketGroup] = OfAnotherLaunch,
        ["PLUGIN_FROM_A_LATER_HOST"] = OfAnotherLaunch,
        [LaunchVariables.SettingsFile] = OfAnotherLaunch,
        [LaunchVariables.Lifeline] = OfAnotherLaunch,
    };

    private static readonly Dictionary<string, string> Secret = new(StringComparer.Ordinal) { ["CONFORMANCE_SECRET"] = OfAnotherLaunch };

    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        HostCheck.Of(
            new("launch.cookie", "The cookie", "A host starts its plugin with the application's cookie in the plugin's environment.", ConformanceSource.GoPlugin, Must),
            [],
            async (run, token) =>
            {
                await run.StartedAsync(token).ConfigureAwait(false);
                var found = Variable(run, run.Options.CookieKey);
                if (found != run.Options.CookieValue)
                    throw run.Failure($"The variable {run.Options.CookieKey} should have the value '{run.Options.CookieValue}' in the plugin's environment, and {(found is null ? "is not there" : $"has '{PrintableText.Of(found)}'")}.");
            }),
        HostCheck.Of(
            new("launch.versions", "The versions", "A host says in PLUGIN_PROTOCOL_VERSIONS which versions of the application's contract it speaks: numbers, separated by commas.", ConformanceSource.GoPlugin, Must),
            [],
            async (run, token) =>
            {
                await run.StartedAsync(token).ConfigureAwait(false);
                var text = Variable(run, LaunchVariables.ProtocolVersions);
                if (ProtocolVersions.Parse(text, out var unreadable).Count == 0 || unreadable.Count > 0)
                    throw run.Failure($"{LaunchVariables.ProtocolVersions} should have numbers, separated by commas, and {(text is null ? "is not there" : $"has '{PrintableText.Of(text)}'")}.");
            }),
        HostCheck.Of(
            new("launch.ports", "The range of ports", "A host sets PLUGIN_MIN_PORT and PLUGIN_MAX_PORT, without which some plugins do not start that listen on TCP: numbers, the first not above the second.", ConformanceSource.GoPlugin, Should),
            [],
            async (run, token) =>
            {
                await run.StartedAsync(token).ConfigureAwait(false);
                var (least, most) = (Variable(run, LaunchVariables.MinPort), Variable(run, LaunchVariables.MaxPort));
                if (!TryPort(least, out var first) || !TryPort(most, out var last) || first > last)
                    throw run.Failure($"{LaunchVariables.MinPort} is '{PrintableText.Of(least ?? "")}' and {LaunchVariables.MaxPort} is '{PrintableText.Of(most ?? "")}'.");
            }),
        HostCheck.Of(
            new("launch.inherited", "What is left of the host's own launch", "A host that is a plugin itself does not hand on the variables of its own launch: a plugin would take PLUGIN_CLIENT_CERT for a wish of its host's.", ConformanceSource.Plugwire, Must),
            [],
            InheritsNothingAsync,
            Outer),
        HostCheck.Of(
            new("launch.environment", "The host's own environment", "A host does not hand its whole environment on: it holds secrets, and variables that make a program load code.", ConformanceSource.Plugwire, Should),
            [],
            InheritsNothingAsync,
            Secret),
        HostCheck.Of(
            new("launch.directory", "The directory for sockets", "A directory that a host names by PLUGIN_UNIX_SOCKET_DIR is there, and nobody but its user may enter it.", ConformanceSource.Plugwire, Should),
            [RoleWords.Silent],
            HasPrivateDirectoryAsync),
        HostCheck.Of(
            new("launch.arguments", "No arguments of the host's", "A host adds no arguments to those that its plugin is named with: go-plugin adds none, and a plugin may refuse what it does not know.", ConformanceSource.GoPlugin, Should),
            [],
            async (run, token) =>
            {
                await run.StartedAsync(token).ConfigureAwait(false);
                var arguments = run.Plugin.Reports.Where(report => report.Word == ReportWords.Argument).Select(report => $"'{PrintableText.Of(report.Detail)}'").ToArray();
                if (arguments.Length > 0)
                    throw run.Failure($"The plugin was started with the arguments {string.Join(", ", arguments)}.");
            }),
    ];

    private static async Task InheritsNothingAsync(HostRun run, CancellationToken cancellationToken)
    {
        await run.StartedAsync(cancellationToken).ConfigureAwait(false);
        var inherited = Variables(run).Where(variable => variable.EndsWith("=" + OfAnotherLaunch, StringComparison.Ordinal)).Select(variable => variable.Split('=')[0]).ToArray();
        if (inherited.Length > 0)
            throw run.Failure($"The plugin has inherited what the host was started with: {string.Join(", ", inherited)}.");
    }

    private static async Task HasPrivateDirectoryAsync(HostRun run, CancellationToken cancellationToken)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        await run.StartedAsync(cancellationToken).ConfigureAwait(false);
        if (Variable(run, LaunchVariables.SocketDirectory) is not { } path)
            throw new CaseSkippedException($"The host has named no directory for sockets by {LaunchVariables.SocketDirectory}.");
        if (!Directory.Exists(path))
            throw run.Failure($"{LaunchVariables.SocketDirectory} names '{PrintableText.Of(path)}', which is no directory.");
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && (mode & Others) != 0)
            throw run.Failure($"{LaunchVariables.SocketDirectory} names '{PrintableText.Of(path)}', which others may enter: its mode is {mode}.");
    }

    private static IEnumerable<string> Variables(HostRun run) => run.Plugin.Reports.Where(report => report.Word == ReportWords.Variable).Select(report => report.Detail);

    private static string? Variable(HostRun run, string name) =>
        Variables(run).FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static bool TryPort(string? text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
}
