using System.CommandLine;

namespace Plugwire.Testing.Command;

/// <summary><c>plugwire-conformance host -- COMMAND</c>.</summary>
internal static class HostCommand
{
    public static System.CommandLine.Command Create(string[] hostCommand)
    {
        var junit = CaseOptions.JUnit();
        var filter = CaseOptions.Filter();
        var revision = CaseOptions.Revision(HostConformance.Revisions);
        var cookie = CaseOptions.Cookie("The host's cookie");
        var call = new Option<bool>("--require-call") { Description = "Fails a host that ends well without the call of plugwire.conformance.v1.Conformance/Echo." };
        var start = new Option<double?>("--start-timeout") { Description = "How long the host may take to give up a plugin that does not come to serve; 75 when none is given.", HelpName = "seconds" };
        var stop = new Option<double?>("--stop-timeout") { Description = "How long the host may take to stop a plugin that does not end by itself; 15 when none is given.", HelpName = "seconds" };
        var list = CaseOptions.List();

        var command = new System.CommandLine.Command(
            "host",
            $"Looks at a host from outside. After '--' stands the host's command, in which {HostConformance.PluginPlaceholder} becomes the path of the plugin that it is to start, call and stop; the path is in {HostConformance.PluginVariable} as well.")
        {
            junit, filter, revision, cookie, call, start, stop, list,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(list))
            {
                ReportTable.WriteCases(HostConformance.Cases);
                return Task.FromResult(ExitCodes.Passed);
            }

            var options = new HostConformanceOptions { Filter = parsed.GetValue(filter), Revision = parsed.GetValue(revision), RequireCall = parsed.GetValue(call), PluginProgram = OwnPath() };
            if (parsed.GetValue(start) is { } toStart)
                options.StartTimeout = TimeSpan.FromSeconds(toStart);
            if (parsed.GetValue(stop) is { } toStop)
                options.StopTimeout = TimeSpan.FromSeconds(toStop);
            if (parsed.GetValue(cookie)?.Split('=', 2) is [var key, var value])
                (options.CookieKey, options.CookieValue) = (key, value);
            return CaseRun.RunAsync(token => RunAsync(hostCommand, options, token), parsed.GetValue(junit), cancellationToken);
        });
        return command;
    }

    private static Task<ConformanceReport> RunAsync(string[] hostCommand, HostConformanceOptions options, CancellationToken cancellationToken) => hostCommand is [var fileName, .. var arguments]
        ? HostConformance.RunAsync(fileName, arguments, options, cancellationToken)
        : throw new ArgumentException("Which host? Name its command after '--'.");

    // This program plays the plugins too. Where it is run by dotnet, its library does.
    private static string OwnPath() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) is null or "dotnet"
        ? typeof(HostCommand).Assembly.Location
        : Environment.ProcessPath!;
}
