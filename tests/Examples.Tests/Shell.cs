using System.Diagnostics;

namespace Examples.Tests;

/// <summary>Makes what .NET's strings cannot name.</summary>
internal static class Shell
{
    public static async Task RunAsync(string directory, string script, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = directory, RedirectStandardError = true })!;
        var errors = await shell.StandardError.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        Assert.True(shell.ExitCode == 0, $"The script ended with {shell.ExitCode}: {errors}");
    }
}
