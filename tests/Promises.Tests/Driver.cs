using System.Diagnostics;
using Plugwire.EndToEnd.Tests;

namespace Plugwire.Promises.Tests;

/// <summary>The command, as a user runs it.</summary>
internal static class Driver
{
    private static readonly string Program = Path.Combine(Programs, "Plugwire.Promises", Configuration, "Plugwire.Promises");

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string Programs => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it has written to standard output and to standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(2 * TestLimit.Limit, TestContext.Current.CancellationToken);
            return (process.ExitCode, await output.Within(), await error.Within());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
