using System.Diagnostics;

namespace Examples.Tests;

/// <summary>The peer whose count the first four rules have to reach.</summary>
internal static class Grep
{
    public static bool IsThere { get; } = OperatingSystem.IsLinux() && (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':').Any(directory => File.Exists(Path.Combine(directory, "grep")));

    /// <summary>How many lines <c>LC_ALL=C grep -rIowE 'TODO|FIXME|HACK|XXX'</c> prints.</summary>
    public static async Task<int> CountAsync(string directory, CancellationToken cancellationToken)
    {
        // Without names (-h): one that holds a line's end would count twice.
        var start = new ProcessStartInfo("grep", ["-hrIowE", "TODO|FIXME|HACK|XXX", directory]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var grep = Process.Start(start)!;
        var errors = grep.StandardError.ReadToEndAsync(cancellationToken);
        var lines = 0;
        var buffer = new byte[64 * 1024];
        while (await grep.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        await errors;
        await grep.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return lines;
    }
}
