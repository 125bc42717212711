using System.CommandLine;
using System.Globalization;
using Plugwire.Wire.Tests.Fuzzing;

namespace Plugwire.Fuzz;

/// <summary>The command line: what it takes, and the exit codes it ends with.</summary>
internal static class FuzzCommand
{
    private const int Found = 1;
    private const int Interrupted = 130;
    private const int DefaultCases = 100_000;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    public static Task<int> RunAsync(string[] args)
    {
        var seed = new Option<int>("--seed")
        {
            Description = "The seed of the first case; each further one has the next number. 1 by default. With --cases 1 it plays again what was found.",
            HelpName = "number",
            DefaultValueFactory = _ => 1,
        };
        var cases = new Option<int?>("--cases")
        {
            Description = $"How many cases are played at most; {DefaultCases} by default, without an end when a time is given.",
            HelpName = "number",
        };
        cases.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--cases is at least 1.");
        });
        var time = new Option<TimeSpan?>("--time") { Description = "After how long no further case begins; never without it.", HelpName = "hh:mm:ss" };
        time.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<TimeSpan?>() is { } given && given <= TimeSpan.Zero)
                result.AddError("--time is longer than nothing.");
        });
        var command = new RootCommand(
            "Plays changed conversations to a server and a client of the wire, and to its header decoder. Ends with 1 when something happened that never does, and says by which seed it happens again.")
        {
            seed, cases, time,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var length = parsed.GetValue(time);
            return PlayAsync(parsed.GetValue(seed), parsed.GetValue(cases) ?? (length is null ? DefaultCases : int.MaxValue), length, cancellationToken);
        });
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = EndLimit });
    }

    private static async Task<int> PlayAsync(int seed, int cases, TimeSpan? time, CancellationToken cancellationToken)
    {
        using var run = new FuzzRun();
        var began = TimeProvider.System.GetTimestamp();
        var reported = TimeSpan.Zero;
        await run.PlayAsync(seed, cases, finding => Console.WriteLine($"FOUND {finding}{Environment.NewLine}  again: --seed {Invariant(finding.Seed)} --cases 1"), () =>
        {
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            if (elapsed - reported >= ReportEvery)
            {
                reported = elapsed;
                Console.WriteLine(Describe(seed, run.Report, elapsed));
            }

            return cancellationToken.IsCancellationRequested || elapsed >= time;
        });
        Console.WriteLine(Describe(seed, run.Report, TimeProvider.System.GetElapsedTime(began)));
        if (run.Report.Findings.Count > 0)
            return Found;
        return cancellationToken.IsCancellationRequested ? Interrupted : 0;
    }

    private static string Describe(int seed, FuzzReport report, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Count:N0} cases from seed {seed} in {elapsed:hh\\:mm\\:ss} ({string.Join(", ", report.Cases.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Key} {target.Value:N0}")))}): {report.Findings.Count} findings; {report.Survived:N0} to the end, {report.Calls:N0} calls, {report.Succeeded:N0} of a client's with OK; most allocated {report.MostAllocated.Bytes:N0} bytes (seed {report.MostAllocated.Seed}).");

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
