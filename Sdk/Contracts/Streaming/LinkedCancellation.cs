using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Streaming;

/// <summary>
/// A token that fires with any of several others, until it is let go. Not the framework's linked source: its disposal waits for the callbacks of a token that is
/// just firing, and those run the code of others.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle: there is nothing to dispose of.")]
internal sealed class LinkedCancellation
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _first;
    private readonly CancellationTokenRegistration _second;
    private readonly CancellationTokenRegistration _third;

    public LinkedCancellation(CancellationToken first, CancellationToken second, CancellationToken third)
    {
        _first = Register(first);
        _second = second == first ? default : Register(second);
        _third = third == first || third == second ? default : Register(third);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Fires the token, and runs its callbacks.</summary>
    public void Cancel() => _source.Cancel();

    /// <summary>Fires the token; its callbacks run on the pool, and the task ends when they have.</summary>
    public Task CancelAsync() => _source.CancelAsync();

    /// <summary>Lets the others go. The token stays as it is.</summary>
    public void Release()
    {
        _first.Unregister();
        _second.Unregister();
        _third.Unregister();
    }

    private CancellationTokenRegistration Register(CancellationToken token) =>
        token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
}
