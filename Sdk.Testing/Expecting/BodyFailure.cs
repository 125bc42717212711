using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Plugwire.Testing.Expecting;

/// <summary>
/// Finds what a test's body has thrown when something of the test is disposed of. <c>await using</c> replaces the body's exception by that of the disposal and does not tell the disposal of it. But
/// it has caught it in the method that disposes, and calls the disposal on the same thread next. So the body's failure is the last exception thrown on this thread that has come up to the
/// method that disposes now. What the test has caught further down, as <c>Assert.Throws</c> does, has not come so far.
/// </summary>
/// <remarks>
/// An exception that the disposing method has caught itself shortly before is taken for its failure, too. As it is only told of beside another failure, that misleads nobody for long. Where a
/// framework disposes of a fixture, nothing is found, and nothing is hidden: it keeps both failures. To note an exception takes some hundredths of what it takes to throw it.
/// </remarks>
internal static class BodyFailure
{
    // An inner 'using' may throw and catch between the body's exception and the disposal.
    private const int Remembered = 8;

    private static readonly string? OwnAssembly = typeof(BodyFailure).Assembly.FullName;

    [ThreadStatic]
    private static Ring? _thrown;

    static BodyFailure() => AppDomain.CurrentDomain.FirstChanceException += Remember;

    /// <summary>Begins to look, if nobody has yet.</summary>
    /// <returns>For <see cref="Find"/>: what was thrown earlier is nothing to it.</returns>
    public static long Watch() => TimeProvider.System.GetTimestamp();

    /// <summary>To be called on the caller's own stack: before the first await.</summary>
    /// <param name="since">From <see cref="Watch"/>.</param>
    /// <returns>Null when the body has not thrown, as far as can be seen.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception? Find(long since)
    {
        if (_thrown is not { } thrown)
            return null;

        HashSet<(string?, string?)>? disposing = null;
        foreach (var exception in thrown.NewestFirst(since))
        {
            if (new StackTrace(exception, fNeedFileInfo: false) is { FrameCount: > 0 } trace
                && DiagnosticMethodInfo.Create(trace.GetFrame(trace.FrameCount - 1)!) is { } catching
                && (disposing ??= FindDisposing()).Contains((catching.DeclaringTypeName, catching.Name)))
            {
                return exception;
            }
        }

        return null;
    }

    /// <summary>The failure of a check at the end of a test. It hides nothing of what the body has thrown.</summary>
    /// <param name="finding">What the check has found.</param>
    /// <param name="body">What the body has thrown; null for nothing.</param>
    public static ExpectationException ToException(string finding, Exception? body) => body is null
        ? new ExpectationException(finding)
        : new ExpectationException(
            $"The test has failed, with {body.GetType()}: {body.Message}{Environment.NewLine}{Environment.NewLine}And then, perhaps for that: {finding}", body);

    // The test's method, or a chain of them. What stands below on the stack is whoever runs the test, or whatever has ended just before.
    private static HashSet<(string?, string?)> FindDisposing()
    {
        var disposing = new HashSet<(string?, string?)>();
        string? assembly = null;
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { DeclaringAssemblyName: { } name } method || name == OwnAssembly || name.StartsWith("System.", StringComparison.Ordinal))
                continue;
            if (name != (assembly ??= name))
                break;
            disposing.Add((method.DeclaringTypeName, method.Name));
        }

        return disposing;
    }

    private static void Remember(object? sender, FirstChanceExceptionEventArgs thrown) => (_thrown ??= new Ring()).Add(thrown.Exception);

    /// <summary>The last exceptions of a thread. It keeps none of them alive: the one that is looked for is held by whoever has caught it.</summary>
    private sealed class Ring
    {
        private readonly WeakReference<Exception>[] _exceptions = [.. Enumerable.Range(0, Remembered).Select(_ => new WeakReference<Exception>(null!))];
        private readonly long[] _times = new long[Remembered];
        private int _next;

        public void Add(Exception exception)
        {
            _exceptions[_next].SetTarget(exception);
            _times[_next] = TimeProvider.System.GetTimestamp();
            _next = (_next + 1) % Remembered;
        }

        // A copy: to look into the exceptions may throw more.
        public List<Exception> NewestFirst(long since)
        {
            var found = new List<Exception>(Remembered);
            for (var i = 1; i <= Remembered; i++)
            {
                var slot = (_next - i + Remembered) % Remembered;
                if (_times[slot] >= since && _exceptions[slot].TryGetTarget(out var exception))
                    found.Add(exception);
            }

            return found;
        }
    }
}
