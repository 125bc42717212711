using System.CommandLine;
using System.Globalization;
using Plugwire.Promises.Attacking;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Soak;

namespace Plugwire.Promises;

/// <summary>The command line: what it takes, and the exit codes it ends with.</summary>
internal static class PromiseCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    // What is under way when the command is interrupted stops its plugins first.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    public static Task<int> RunAsync(string[] args)
    {
        var scale = new Option<Scale>("--scale")
        {
            Description = "How many runs each promise has: short ends within 3 minutes, medium within 15, overnight has the numbers that the promises were made with.",
            DefaultValueFactory = _ => Scale.Short,
        };
        var filter = new Option<string[]>("--only")
        {
            Description = "Measures only these: ids such as G04, or parts of names; all without it.",
            HelpName = "id",
            AllowMultipleArgumentsPerToken = true,
        };
        var slack = new Option<double>("--slack")
        {
            Description = "By what factor a time may exceed its target before the exit status says so, on a machine that has other things to do; 1 by default. The table says what missed all the same.",
            HelpName = "factor",
            DefaultValueFactory = _ => 1,
        };
        slack.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 1000))
                result.AddError("--slack is a number from 1 to 1000.");
        });
        var output = new Option<string?>("--output") { Description = "Writes all samples to a file, as JSON.", HelpName = "file" };
        var soak = new Option<TimeSpan?>("--soak")
        {
            Description = "Instead of the promises: lets plugins crash, freeze and restart at random for so long under a load of calls, and looks at what is left.",
            HelpName = "hh:mm:ss",
        };
        var plugins = new Option<int>("--plugins") { Description = "How many plugins soak; 50 by default.", HelpName = "number", DefaultValueFactory = _ => SoakOptions.DefaultPlugins };
        plugins.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
                result.AddError("--plugins is a number from 1 to 1000.");
        });
        var seed = new Option<int?>("--seed") { Description = "What the soak's chance begins with; another each time without it.", HelpName = "number" };
        var attack = new Option<string?>("--attack") { Description = "What this program does in place of a plugin.", Hidden = true };
        var command = new RootCommand("Measures what Plugwire promises of its hosts, with real plugin processes, and prints the figures beside their targets.")
        {
            scale, filter, slack, output, soak, plugins, seed, attack,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(
            parsed.GetValue(attack) is { } name ? token => AttackingPlugin.RunAsync(name, token)
                : parsed.GetValue(soak) is { } length
                ? token => new SoakRun(new SoakOptions(length, parsed.GetValue(plugins), parsed.GetValue(seed) ?? Random.Shared.Next()), Console.Out).RunAsync(token)
                : new PromiseRun(new PromiseOptions(parsed.GetValue(scale), parsed.GetValue(filter) ?? [], parsed.GetValue(slack), parsed.GetValue(output))).RunAsync,
            cancellationToken));
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = EndLimit });
    }

    /// <param name="run">Returns whether all is as it should be.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    private static async Task<int> GuardAsync(Func<CancellationToken, Task<bool>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run(cancellationToken) ? 0 : Failed;
        }
        catch (PromiseException exception)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"promises: {exception.Message}"));
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
    }
}
