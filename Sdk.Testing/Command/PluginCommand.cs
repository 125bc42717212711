using System.CommandLine;

namespace Plugwire.Testing.Command;

/// <summary><c>plugwire-conformance plugin PATH -- ARGUMENTS</c>.</summary>
internal static class PluginCommand
{
    public static System.CommandLine.Command Create(string[] arguments)
    {
        var path = new Argument<string?>("path") { Description = "The plugin's program: an executable, a .dll, a .py or a .js.", Arity = ArgumentArity.ZeroOrOne };
        var junit = CaseOptions.JUnit();
        var filter = CaseOptions.Filter();
        var revision = CaseOptions.Revision(PluginConformance.Revisions);
        var versions = new Option<int[]>("--versions") { Description = "The application's protocol versions that the plugin speaks; 1 when none is given.", HelpName = "versions", AllowMultipleArgumentsPerToken = true };
        var cookie = CaseOptions.Cookie("The plugin's cookie");
        var contract = new Option<bool>("--require-contract") { Description = "Fails a plugin that does not serve the conformance contract when it is started with --conformance." };
        var list = CaseOptions.List();

        var command = new System.CommandLine.Command("plugin", "Looks at a plugin as its hosts do. After '--' stand the plugin's own arguments.") { path, junit, filter, revision, versions, cookie, contract, list };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(list))
            {
                ReportTable.WriteCases(PluginConformance.Cases);
                return Task.FromResult(ExitCodes.Passed);
            }

            var options = new PluginConformanceOptions { Filter = parsed.GetValue(filter), Revision = parsed.GetValue(revision), RequireContract = parsed.GetValue(contract) };
            foreach (var argument in arguments)
                options.Arguments.Add(argument);
            if (parsed.GetValue(versions) is { Length: > 0 } spoken)
            {
                options.ProtocolVersions.Clear();
                foreach (var version in spoken)
                    options.ProtocolVersions.Add(version);
            }

            if (parsed.GetValue(cookie)?.Split('=', 2) is [var key, var value])
                (options.CookieKey, options.CookieValue) = (key, value);
            return CaseRun.RunAsync(token => RunAsync(parsed.GetValue(path), options, token), parsed.GetValue(junit), cancellationToken);
        });
        return command;
    }

    private static Task<ConformanceReport> RunAsync(string? path, PluginConformanceOptions options, CancellationToken cancellationToken) => path is not null
        ? PluginConformance.RunAsync(path, options, cancellationToken)
        : throw new ArgumentException("Which plugin? Name its program.");
}
