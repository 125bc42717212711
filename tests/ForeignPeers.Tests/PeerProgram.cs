using System.Diagnostics;

namespace Plugwire.ForeignPeers.Tests;

/// <summary>A peer's process. Disposing ends it with all it has started.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a program whose input stays open until it is disposed of.</summary>
    public static PeerProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new PeerProgram(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end, which has to be a good one, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var peer = Start(program, arguments, environment);
        var output = await peer._process.StandardOutput.ReadToEndAsync().WaitAsync(TestLimit.Limit);
        await peer._process.WaitForExitAsync().WaitAsync(TestLimit.Limit);
        var errors = await peer._errors.WaitAsync(TestLimit.Limit);
        Assert.True(peer._process.ExitCode == 0, $"{program} ended with {peer._process.ExitCode}. It said:\n{output}\n{errors}");
        return output;
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TestLimit.Limit)
        ?? throw new InvalidOperationException($"The peer ended where a line was expected. It said:\n{await _errors.WaitAsync(TestLimit.Limit)}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(TestLimit.Limit);
        _process.Dispose();
    }
}
