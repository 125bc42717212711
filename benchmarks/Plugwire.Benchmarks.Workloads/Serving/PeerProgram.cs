using System.Runtime.InteropServices;

namespace Plugwire.Benchmarks.Workloads.Serving;

/// <summary>
/// What a peer's program does beside serving: it makes a directory for its socket, prints the socket's path when it listens, and ends, with the directory, when its
/// standard input does. That is when the driver closes it, and also when the driver has died.
/// </summary>
public static class PeerProgram
{
    /// <param name="listen">Begins to serve on the path; what it returns ends it.</param>
    public static async Task RunAsync(Func<string, Task<IAsyncDisposable>> listen)
    {
        ArgumentNullException.ThrowIfNull(listen);

        // Ctrl+C reaches all programs of a terminal; the driver alone decides what it means.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        var directory = Directory.CreateTempSubdirectory("bench-");
        try
        {
            var path = Path.Combine(directory.FullName, "socket");
            await using var server = await listen(path).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(path).ConfigureAwait(false);
            await InputEndedAsync().ConfigureAwait(false);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // A thread of its own: reading the console blocks, and would take one of the pool's from the server that is measured.
    private static Task InputEndedAsync() => Task.Factory.StartNew(
        () =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
