using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Plugwire.Promises.Staging;

/// <summary>A test program of the repository, for what only the tests can look into.</summary>
internal static partial class TestProgram
{
    /// <summary>Runs some of its tests.</summary>
    /// <param name="program">The path.</param>
    /// <param name="arguments">Which, as the program takes it.</param>
    /// <param name="environment">What it is told beside.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Whether all have passed; and what it says of those that have not.</returns>
    public static async Task<(bool Passed, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["-noColor", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            var text = await output;
            var total = Total().Match(text);
            if (!total.Success || int.Parse(total.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == 0)
                throw new InvalidOperationException($"No test was run: {text} {await error}");
            return (process.ExitCode == 0, string.Join(' ', text.Split('\n').Where(line => line.Contains("[FAIL]", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal)).Take(3)));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Total();
}
