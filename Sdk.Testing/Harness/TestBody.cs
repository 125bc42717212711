using System.Runtime.ExceptionServices;

namespace Plugwire.Testing.Harness;

/// <summary>
/// Remembers the last exception that was thrown in the flow of a test since it started a harness. <c>await using</c> replaces what the body has thrown by what the disposal throws, and does not tell the
/// disposal of it: so the disposal tells of both.
/// </summary>
internal sealed class TestBody
{
    private static readonly AsyncLocal<TestBody?> Current = new();
    private volatile Exception? _last;

    static TestBody() => AppDomain.CurrentDomain.FirstChanceException += Remember;

    /// <summary>Null when none has been thrown. One that was caught counts as well: nothing tells the two apart.</summary>
    public Exception? LastException => _last;

    /// <summary>What the caller throws from here on is remembered. To be called in the caller's own flow, not below an await.</summary>
    public void Follow() => Current.Value = this;

    private static void Remember(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (Current.Value is { } body)
            body._last = thrown.Exception;
    }
}
