using System.Diagnostics;
using System.Globalization;
using Plugwire.Testing.Leaks;

namespace Plugwire.Testing;

/// <summary>
/// Checks that some code leaves nothing behind: child processes, open files, pipes and sockets of this process, harnesses that nobody has disposed of, files in given directories.
/// It looks at the whole process: run a test with it alone, not beside others that start or open something. Processes and descriptors are seen on Linux only.
/// </summary>
public sealed class LeakScope : IAsyncDisposable
{
    // What was let go of may need a moment to be gone: a child to be reaped, a socket to be closed by another thread.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly LeakSnapshot _before;
    private readonly TimeSpan _limit;
    private readonly StackTrace _origin = CallOrigin.Here();
    private bool _checked;

    private LeakScope(IReadOnlyList<string> directories, TimeSpan limit)
    {
        _before = LeakSnapshot.Take(directories);
        _limit = limit;
    }

    /// <summary>Begins a scope: what is there now is none of its leaks.</summary>
    /// <param name="limit">How long, by the system's clock, the end of the scope waits for everything to be gone; null for 5 s.</param>
    /// <param name="directories">Directories below which nothing new may be left, such as the <see cref="Hosting.PluginOptions.LaunchDirectoryRoot"/> of a host.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public static LeakScope Begin(TimeSpan? limit = null, params IEnumerable<string> directories)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? TimeSpan.Zero, TimeSpan.Zero, nameof(limit));
        return new LeakScope([.. directories], limit ?? TimeSpan.FromSeconds(5));
    }

    /// <summary>That nothing is left of what came since the beginning.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Something is left: names each thing, and where it was made as far as that is known.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        _checked = true;
        var began = TimeProvider.System.GetTimestamp();
        while (_before.Leaks() is { Count: > 0 } leaks)
        {
            if (TimeProvider.System.GetElapsedTime(began) > _limit)
            {
                throw new ExpectationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nothing should be left {_limit.TotalSeconds:0.###} s after the end of the scope, and this is:{Environment.NewLine}{string.Join(Environment.NewLine, leaks.Select(leak => "  - " + leak))}{Environment.NewLine}The scope was begun here:{Environment.NewLine}{CallOrigin.Describe(_origin)}"));
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same as <see cref="CheckAsync"/>, unless that has been called.</summary>
    /// <exception cref="ExpectationException">Something is left.</exception>
    public async ValueTask DisposeAsync()
    {
        if (!_checked)
            await CheckAsync().ConfigureAwait(false);
    }
}
