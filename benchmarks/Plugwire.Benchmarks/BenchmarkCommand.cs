using System.CommandLine;
using Plugwire.Benchmarks.Measuring;

namespace Plugwire.Benchmarks;

/// <summary>The command line: what it takes, and the exit codes it ends with.</summary>
internal static class BenchmarkCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    // Stopping a plugin takes as long at most, and the peers' servers less.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);
    private static readonly MeasuringOptions Usual = new(7, TimeSpan.FromSeconds(1));
    private static readonly MeasuringOptions Quick = new(5, TimeSpan.FromSeconds(0.3));

    public static Task<int> RunAsync(string[] args)
    {
        var rounds = new Option<int?>("--rounds") { Description = $"How many times each contender has its turn; {Usual.Rounds} by default.", HelpName = "number" };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 1000)
                result.AddError("--rounds is a number from 1 to 1000.");
        });
        var seconds = new Option<double?>("--seconds") { Description = $"About how long a turn is; {Usual.RoundTime.TotalSeconds} by default.", HelpName = "number" };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } value && value is not (>= 0.01 and <= 600))
                result.AddError("--seconds is a number from 0.01 to 600.");
        });
        var quick = new Option<bool>("--quick") { Description = $"A first look: {Quick.Rounds} rounds of {Quick.RoundTime.TotalSeconds} s." };
        var filter = new Option<string?>("--filter") { Description = "Measures only the rows with this in their names; all without it.", HelpName = "part of a name" };
        var output = new Option<string?>("--output") { Description = "Writes the figures of all rounds to a file, as JSON.", HelpName = "file" };
        var command = new RootCommand("Measures Plugwire beside its peers, in turn, over Unix sockets between processes, and prints medians and ratios.")
        {
            rounds, seconds, quick, filter, output,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var length = parsed.GetValue(quick) ? Quick : Usual;
            length = new MeasuringOptions(
                parsed.GetValue(rounds) ?? length.Rounds,
                parsed.GetValue(seconds) is { } value ? TimeSpan.FromSeconds(value) : length.RoundTime);
            return RunAsync(new BenchmarkOptions(length, parsed.GetValue(filter), parsed.GetValue(output)), cancellationToken);
        });
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = EndLimit });
    }

    private static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await new BenchmarkRun(options).RunAsync(cancellationToken);
            return 0;
        }
        catch (BenchmarkException exception)
        {
            await Console.Error.WriteLineAsync($"benchmarks: {exception.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
    }
}
