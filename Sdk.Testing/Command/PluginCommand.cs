using System.CommandLine;
using System.CommandLine.Parsing;

namespace Plugwire.Testing.Command;

/// <summary><c>plugwire-conformance plugin PATH -- ARGUMENTS</c>.</summary>
internal static class PluginCommand
{
    public static System.CommandLine.Command Create(string[] arguments)
    {
        var path = new Argument<string?>("path") { Description = "The plugin's program: an executable, a .dll, a .py or a .js.", Arity = ArgumentArity.ZeroOrOne };
        var junit = new Option<string?>("--junit") { Description = "Writes the report to a file, as JUnit XML.", HelpName = "file" };
        var filter = new Option<string?>("--filter") { Description = "Runs only the case of this id, or the cases of this group.", HelpName = "id" };
        var revision = new Option<string?>("--revision") { Description = $"The revision of the requirements: {string.Join(", ", PluginConformance.Revisions)}. The latest when none is given.", HelpName = "revision" };
        var versions = new Option<int[]>("--versions") { Description = "The application's protocol versions that the plugin speaks; 1 when none is given.", HelpName = "versions", AllowMultipleArgumentsPerToken = true };
        var cookie = new Option<string?>("--cookie") { Description = "The plugin's cookie, as KEY=VALUE; that of applications that choose none when none is given.", HelpName = "cookie" };
        var contract = new Option<bool>("--require-contract") { Description = "Fails a plugin that does not serve the conformance contract when it is started with --conformance." };
        var list = new Option<bool>("--list") { Description = "Lists the cases with their requirements, and runs none." };
        cookie.Validators.Add(RequireAssignment);

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
            return RunAsync(parsed.GetValue(path), options, parsed.GetValue(junit), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string? path, PluginConformanceOptions options, string? junit, CancellationToken cancellationToken)
    {
        try
        {
            if (path is null)
                throw new ArgumentException("Which plugin? Name its program.");

            var report = await PluginConformance.RunAsync(path, options, cancellationToken);
            ReportTable.Write(report);
            if (junit is not null)
                report.SaveJUnit(junit);
            return report.Count(ConformanceOutcome.HarnessError) > 0 ? ExitCodes.Unusable : report.Passed ? ExitCodes.Passed : ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("plugwire-conformance: " + failure.Message);
            return ExitCodes.Unusable;
        }
    }

    private static void RequireAssignment(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) is var at && (at <= 0 || at == token.Value.Length - 1))
                result.AddError($"--cookie takes KEY=VALUE: '{token.Value}' is none.");
        }
    }
}
