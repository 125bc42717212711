using System.ComponentModel;
using System.Diagnostics;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>
/// A peer's server, in a process of its own. It ends when its standard input does, so that it also ends when this process is killed. What it writes to standard error
/// stands among this program's own.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    /// <summary>Enough on a busy machine.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private PeerProcess(Process process, string socketPath)
    {
        _process = process;
        SocketPath = socketPath;
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>Throws <see cref="BenchmarkException"/> when it does not start; nothing of it is left then.</summary>
    public static async Task<PeerProcess> StartAsync(string project, CancellationToken cancellationToken)
    {
        var process = Launch(ServerFile.Of(project));
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, TimeProvider.System, cancellationToken);
            return new PeerProcess(process, line ?? throw new BenchmarkException($"The server {project} ended before it listened: where it should print its socket's path, its output ended. Why stands above."));
        }
        catch (TimeoutException)
        {
            await EndAsync(process);
            throw new BenchmarkException($"The server {project} did not listen within {StartLimit.TotalSeconds} s: it has not printed its socket's path.");
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(_process);

    private static Process Launch(string path)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception exception)
        {
            throw new BenchmarkException($"The server's program '{path}' cannot be started: {exception.Message}.", exception);
        }
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndLimit, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndLimit, TimeProvider.System);
            }
        }
    }
}
