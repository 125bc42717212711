using System.Globalization;
using Examples.Inspect.Walking;
using Spectre.Console;

namespace Examples.Inspect.Reporting;

/// <summary>Standard output: a terminal, or a pipe or file that takes plain lines.</summary>
internal sealed class Output
{
    // Lines of a pipe are as long as what stands in them.
    private const int PipeWidth = 10_000;

    private Output(IAnsiConsole console, bool isTerminal)
    {
        Console = console;
        IsTerminal = isTerminal;
    }

    public IAnsiConsole Console { get; }

    public bool IsTerminal { get; }

    public static Output Open() => System.Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
        ? To(System.Console.Out)
        : new Output(AnsiConsole.Console, isTerminal: true);

    /// <summary>Plain lines to a writer.</summary>
    public static Output To(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = PipeWidth;
        return new Output(console, isTerminal: false);
    }

    /// <summary>One line; nothing in it is markup.</summary>
    public void WriteLine(string line) => Console.WriteLine(line);

    public void WriteSkipped(TreeEntry entry) => WriteLine(
        $"skipped: {DisplayText.Path(entry.Path)}: {SkipWords.Of(entry.Skip!.Value)}{(entry.Why is null ? "" : $": {DisplayText.Text(entry.Why)}")}");

    public IProgressDisplay CreateProgress(SourceTree tree, TimeProvider timeProvider) =>
        IsTerminal ? new ProgressBarDisplay(Console, tree, timeProvider) : new ProgressLines(this, timeProvider);

    /// <summary>So many of something, which an 's' makes many.</summary>
    public static string Count(long value, string what) => value == 1 ? $"1 {what}" : $"{Number(value)} {what}s";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
