using System.Diagnostics;

namespace Plugwire.EndToEnd.Tests.Processes;

/// <summary>A program that a test starts without a plugin host, with exactly the environment it names beside what any program needs.</summary>
internal sealed class HandStart : IAsyncDisposable
{
    private static readonly string[] Harmless = ["PATH", "HOME", "DOTNET_ROOT", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    private readonly Process _process;
    private readonly Task<string> _error;

    private HandStart(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Standard input is /dev/null, as a daemon's.</summary>
    public static HandStart Run(string program, IEnumerable<string> arguments, params IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" </dev/null", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var name in Harmless)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new HandStart(Process.Start(start)!);
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().Within();

    /// <summary>All that is left of standard output, to its end.</summary>
    public async Task<string> ReadToEndAsync() => await _process.StandardOutput.ReadToEndAsync(CancellationToken.None).Within();

    /// <summary>All of standard error. Ends with the program.</summary>
    public Task<string> ErrorAsync() => _error.Within();

    public Task ExitedAsync() => _process.WaitForExitAsync(CancellationToken.None).Within();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await ExitedAsync();
        _process.Dispose();
    }
}
