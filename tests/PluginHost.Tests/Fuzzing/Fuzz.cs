using System.Globalization;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>
/// Runs a check over random cases, each from a seed of its own that its failure names. <c>PLUGWIRE_FUZZ_CASES</c> sets how many, for longer runs; <c>PLUGWIRE_FUZZ_SEED</c> sets the first seed: with
/// one case it repeats a failure.
/// </summary>
internal static class Fuzz
{
    private const int FirstSeed = 20261128;

    /// <summary>Whether these are the cases of every run, of which a test may know what is among them.</summary>
    public static bool IsUsual => Read("PLUGWIRE_FUZZ_CASES") is null && Read("PLUGWIRE_FUZZ_SEED") is null;

    public static Task RunAsync(int cases, Action<Random> check) => RunAsync(cases, random =>
    {
        check(random);
        return Task.CompletedTask;
    });

    public static async Task RunAsync(int cases, Func<Random, Task> check)
    {
        cases = Read("PLUGWIRE_FUZZ_CASES") ?? cases;
        var first = Read("PLUGWIRE_FUZZ_SEED") ?? FirstSeed;
        for (var i = 0; i < cases; i++)
        {
            var seed = unchecked(first + i);
            try
            {
                await check(new Random(seed)).WaitAsync(Launching.Shell.Limit, TestContext.Current.CancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {seed} fails; PLUGWIRE_FUZZ_SEED={seed} PLUGWIRE_FUZZ_CASES=1 repeats it: {failure.Message}", failure);
            }
        }
    }

    private static int? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
