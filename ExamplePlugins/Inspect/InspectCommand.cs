using System.CommandLine;
using Examples.Inspect.Reporting;

namespace Examples.Inspect;

/// <summary>The command line: what it takes, and the exit codes it ends with.</summary>
internal static class InspectCommand
{
    private const int Failed = 1;

    public static Task<int> RunAsync(string[] args)
    {
        var directory = new Argument<string>("directory")
        {
            Description = "The directory to inspect; the current one when none is given.",
            DefaultValueFactory = _ => ".",
        };
        directory.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] and var value }] && !Directory.Exists(value))
                result.AddError($"'{value}' is neither an option nor a directory.");
        });
        var sarif = new Option<string?>("--sarif") { Description = "Writes the findings to a file, as SARIF 2.1.0.", HelpName = "file" };
        var watch = new Option<bool>("--watch") { Description = "Goes on with the files that change, until Ctrl+C." };
        var verbose = new Option<bool>("--verbose") { Description = "Names every file that is skipped, and says why." };
        var command = new RootCommand("Streams a directory's text files through two plugins, which find what is left to do and what should be secret, and a third, which adds it up.")
        {
            directory, sarif, watch, verbose,
        };
        command.SetAction((parsed, _) => RunAsync(new InspectOptions(
            parsed.GetRequiredValue(directory), parsed.GetValue(sarif), parsed.GetValue(watch), parsed.GetValue(verbose))));

        // Ctrl+C is heard below, where what was started can be ended in order.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunAsync(InspectOptions options)
    {
        using var interruption = new Interruption();
        try
        {
            await new InspectJob(options, Output.Open(), TimeProvider.System).RunAsync(interruption.Token);
            return 0;
        }
        catch (InspectException exception)
        {
            await Console.Error.WriteLineAsync($"inspect: {DisplayText.Lines(exception.Message)}");
            return Failed;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
    }
}
