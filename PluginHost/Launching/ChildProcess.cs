using System.ComponentModel;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Limits;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// A running child and its three pipes. Its end is known from the child itself, never from its pipes: a grandchild may hold those open for ever.
/// </summary>
internal abstract class ChildProcess : IAsyncDisposable
{
    /// <summary>How long disposal waits for the end of a child that was killed, and for the last of its descendants.</summary>
    public static readonly TimeSpan KillBudget = TimeSpan.FromSeconds(1);

    private const int MostBusyRetries = 10;
    private static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(20);

    public abstract int Id { get; }

    /// <summary>The write end. As long as it is open the host lives: a plugin that is told so ends when it reads the end of its input.</summary>
    public abstract Stream StandardInput { get; }

    /// <summary>Must be read until its end or its disposal, or the child blocks.</summary>
    public abstract Stream StandardOutput { get; }

    /// <summary>Must be read until its end or its disposal, or the child blocks.</summary>
    public abstract Stream StandardError { get; }

    /// <summary>Ends when the child has ended. Never faults.</summary>
    public abstract Task<ChildExit> Exited { get; }

    /// <summary>Asks the child's process group to end, by SIGTERM. Without effect once all of it has ended.</summary>
    public abstract void Terminate();

    /// <summary>Sends a signal to the child alone.</summary>
    /// <returns>False once the child has ended; nobody else is hit then.</returns>
    /// <exception cref="NotSupportedException">The child is no process of its own, or the system knows no such signal.</exception>
    public abstract bool TrySignal(int signal);

    /// <summary>What the child does at this moment, with its process group; null when the system does not tell.</summary>
    public virtual ProcessActivity? GetActivity() => Exited.IsCompleted ? null : ProcessActivity.Of(Id);

    /// <summary>Ends the child's process group by SIGKILL at once, and begins to look for descendants that left the group, to end them too; <see cref="DisposeAsync"/> waits for the last.</summary>
    public abstract void Kill();

    /// <summary>Kills what is left and closes the pipes. Returns within <see cref="KillBudget"/> and little more, whatever the child does.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Starts a child. All that may hang in the file system does so on a thread of <see cref="LaunchThreads"/>.</summary>
    /// <exception cref="PluginStartException">The child did not come to life.</exception>
    /// <exception cref="OperationCanceledException">The attempt was given up before it began.</exception>
    public static async Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
    {
        var guarded = await PluginGuard.Shared.BeginAsync(
            start.Environment.GetValueOrDefault(LaunchVariables.LaunchId, ""), start.LaunchDirectory, start.Logger).ConfigureAwait(false);
        try
        {
            return await StartAsync(start, guarded, attempt).ConfigureAwait(false);
        }
        catch
        {
            guarded?.Dispose();
            throw;
        }
    }

    private static async Task<ChildProcess> StartAsync(ChildStart start, GuardedLaunch? guarded, PluginStartAttempt attempt)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                var mayRetry = retry < MostBusyRetries;
                var threads = start.Limits.NoNewPrivileges ? LaunchThreads.WithoutNewPrivileges : LaunchThreads.Shared;
                return await threads.RunAsync(() => Start(start, guarded, attempt, mayRetry), attempt.GivenUp).ConfigureAwait(false);
            }
            catch (PosixException busy) when (busy.Error == Errno.TextBusy)
            {
                // A file just written is still open for writing in a child that another thread is starting at this moment; it is closed there in an instant.
                await Task.Delay(BusyDelay, attempt.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            }
            catch (PosixException failure)
            {
                throw SpawnFailure.Explain(start, failure, attempt);
            }
        }
    }

    private static ChildProcess Start(ChildStart start, GuardedLaunch? guarded, PluginStartAttempt attempt, bool mayRetry)
    {
        ChildStartCheck.ThrowIfUnusable(start, attempt);
        try
        {
            ChildProcess child = SpawnedChild.IsSupported ? SpawnedChild.Start(start, guarded, attempt.TimeProvider) : RuntimeChild.Start(start, attempt.TimeProvider);
            LimitSetter.Apply(child.Id, start.Limits, start.FileName, start.Logger);
            return child;
        }
        catch (Exception failure) when (failure is Win32Exception || (failure is PosixException posix && !(posix.Error == Errno.TextBusy && mayRetry)))
        {
            throw SpawnFailure.Explain(start, failure, attempt);
        }
    }
}
