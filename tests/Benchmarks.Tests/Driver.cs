using System.Diagnostics;
using System.Globalization;
using Plugwire.EndToEnd.Tests;

namespace Plugwire.Benchmarks.Tests;

/// <summary>The benchmarks' program, as a user runs it, with a temporary directory of the test's.</summary>
internal sealed class Driver : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(Programs, "Plugwire.Benchmarks", Configuration, "Plugwire.Benchmarks");

    private readonly Process _process;

    private Driver(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string Programs => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    public static Driver Start(string temporaryDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = temporaryDirectory;
        start.Environment["XDG_RUNTIME_DIR"] = temporaryDirectory;

        // The runtime of a killed process leaves its diagnostic sockets there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new Driver(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it has written to standard output and to standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string temporaryDirectory, params string[] arguments)
    {
        await using var driver = Start(temporaryDirectory, arguments);
        var output = driver._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = driver.ReadErrorToEndAsync();
        await driver.ExitedAsync();
        return (driver.ExitCode, await output.Within(), await error);
    }

    public Task<string?> ReadErrorLineAsync() => _process.StandardError.ReadLineAsync(CancellationToken.None).AsTask().Within();

    /// <summary>The processes it has started. The caller disposes them.</summary>
    public Process[] Children() =>
    [
        .. Directory.EnumerateDirectories($"/proc/{Id}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture))),
    ];

    /// <summary>To the end of all processes that have its standard error: its own, and the peers'.</summary>
    public Task<string> ReadErrorToEndAsync() => _process.StandardError.ReadToEndAsync(CancellationToken.None).Within();

    public Task ExitedAsync() => _process.WaitForExitAsync(CancellationToken.None).Within();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await ExitedAsync();
        _process.Dispose();
    }
}
