using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Leaks;

namespace Plugwire.Testing;

/// <summary>
/// Checks that some code leaves nothing behind: child processes, open files, pipes and sockets of this process, files in given directories, harnesses that nobody has disposed of, calls to a
/// harness's plugin that have not ended.
/// </summary>
/// <remarks>
/// Harnesses and calls are those of the flow of the code that begins the scope, so that tests that run in parallel are none of its business. Processes and descriptors are seen on Linux only, and
/// belong to the whole process: a scope runs alone, not beside tests that start or open something for longer than its limit. In xunit that is a collection with DisableParallelization.
/// </remarks>
public sealed class LeakScope : IAsyncDisposable
{
    // What was let go of may need a moment to be gone: a child to be reaped, a socket to be closed by another thread.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly LeakSnapshot _before;
    private readonly LeakFlow _flow;
    private readonly TimeSpan _limit;
    private readonly StackTrace _origin = CallOrigin.Here();
    private readonly long _began = BodyFailure.Watch();
    private bool _checked;

    private LeakScope(IReadOnlyList<string> directories, TimeSpan limit)
    {
        SignalPipe.Open();
        _before = LeakSnapshot.Take(directories);
        _flow = LeakFlow.Begin();
        _limit = limit;
    }

    /// <summary>Begins a scope: what is there now is none of its leaks.</summary>
    /// <param name="limit">How long, by the system's clock, the end of the scope waits for everything to be gone; null for 5 s.</param>
    /// <param name="directories">Directories below which nothing new may be left, such as the <see cref="Hosting.PluginOptions.LaunchDirectoryRoot"/> of a host.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static LeakScope Begin(TimeSpan? limit = null, params IEnumerable<string> directories)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? TimeSpan.Zero, TimeSpan.Zero, nameof(limit));
        string[] all = [.. directories];
        return Array.Find(all, directory => !Directory.Exists(directory)) is { } missing
            ? throw new DirectoryNotFoundException($"There is no directory '{missing}' to look into.")
            : new LeakScope(all, limit ?? TimeSpan.FromSeconds(5));
    }

    /// <summary>That nothing is left of what came since the beginning.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Something is left: names each thing, and where it was made as far as that is known.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        _checked = true;
        if (await FindAsync(cancellationToken).ConfigureAwait(false) is { } finding)
            throw BodyFailure.ToException(finding, body: null);
    }

    /// <summary>The same as <see cref="CheckAsync"/>, unless that has been called.</summary>
    /// <exception cref="ExpectationException">Something is left. Where the code in the scope has thrown, which <c>await using</c> would hide, that is the inner exception.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask DisposeAsync()
    {
        _flow.End();
        if (_checked)
            return ValueTask.CompletedTask;

        _checked = true;
        return new ValueTask(DisposeAsync(BodyFailure.Find(_began)));
    }

    private async Task DisposeAsync(Exception? body)
    {
        if (await FindAsync(CancellationToken.None).ConfigureAwait(false) is { } finding)
            throw BodyFailure.ToException(finding, body);
    }

    private async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Leaks() is { Count: > 0 } leaks)
        {
            if (TimeProvider.System.GetElapsedTime(began) > _limit)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nothing should be left {_limit.TotalSeconds:0.###} s after the end of the scope, and this is:{Environment.NewLine}{string.Join(Environment.NewLine, leaks.Select(leak => "  - " + leak))}{Environment.NewLine}The scope was begun here:{Environment.NewLine}{CallOrigin.Describe(_origin)}");
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private List<string> Leaks() =>
    [
        .. Living.In(_flow).Select(thing => $"{thing.Description}; it was made here:{Environment.NewLine}{CallOrigin.Describe(thing.Origin)}"),
        .. _before.Leaks(),
    ];
}
