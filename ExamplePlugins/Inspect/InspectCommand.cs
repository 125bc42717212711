using System.CommandLine;
using Examples.Inspect.Reporting;
using Examples.Inspection;

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
        var words = new Option<string[]>("--word") { Description = "A word to look for in place of TODO, FIXME, HACK and XXX; may be given more than once.", HelpName = "word" };
        words.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (Word.Refusal(token.Value) is { } refusal)
                    result.AddError($"The word '{token.Value}' cannot be looked for: {refusal}.");
            }

            if (result.Tokens.Count > Word.MaxCount)
                result.AddError($"--word is given {result.Tokens.Count} times: at most {Word.MaxCount} words can be looked for at once.");
        });
        var sarif = new Option<string?>("--sarif") { Description = "Writes the findings to a file, as SARIF 2.1.0.", HelpName = "file" };
        var watch = new Option<bool>("--watch") { Description = "Goes on with the files that change, until Ctrl+C." };
        var verbose = new Option<bool>("--verbose") { Description = "Names every file that is skipped, and says why." };
        var chaos = new Option<bool>("--chaos") { Description = "Kills and freezes the inspectors at random meanwhile: they are started again, and the report is the same." };
        var command = new RootCommand("Streams a directory's text files through two plugins, which find what is left to do and what should be secret, and a third, which adds it up.")
        {
            directory, words, sarif, watch, verbose, chaos,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(chaos) && result.GetValue(watch))
                result.AddError("--chaos is for one pass over the tree: it cannot be combined with --watch.");
        });
        command.SetAction((parsed, _) => RunAsync(new InspectOptions(
            parsed.GetRequiredValue(directory), parsed.GetValue(words) ?? [], parsed.GetValue(sarif), parsed.GetValue(watch), parsed.GetValue(verbose), parsed.GetValue(chaos))));

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
