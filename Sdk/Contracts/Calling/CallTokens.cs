using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Plugwire.Streaming;

namespace Plugwire.Calling;

/// <summary>The tokens by which a caller can cancel one call: the one passed to the method, the enumerator's, and that of the call whose handler calls.</summary>
internal readonly struct CallTokens(CancellationToken passed, CancellationToken enumerator, CancellationToken handled)
{
    /// <summary>Whether one token says all that they say together.</summary>
    public bool AreOne => !IsMore(enumerator, passed) && !IsMore(handled, passed.CanBeCanceled ? passed : enumerator);

    /// <summary>The one token, if they are one.</summary>
    public CancellationToken One => passed.CanBeCanceled ? passed : enumerator.CanBeCanceled ? enumerator : handled;

    /// <summary>Of those that have fired the first, in the order of how near they are to the caller; one that can never fire if none has.</summary>
    public CancellationToken Fired =>
        passed.IsCancellationRequested ? passed
        : enumerator.IsCancellationRequested ? enumerator
        : handled.IsCancellationRequested ? handled
        : default;

    /// <summary>A source that fires with each of them, and can be fired alone.</summary>
    public LinkedCancellation Link() => new(passed, enumerator, handled);

    /// <summary>What a caller who cancelled is told instead of the call's failure, if that was so.</summary>
    public bool TryTranslate(Exception failure, [NotNullWhen(true)] out OperationCanceledException? cancelled)
    {
        var fired = Fired;
        cancelled = fired.IsCancellationRequested && failure is (OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            ? new OperationCanceledException("The caller cancelled the call.", failure, fired)
            : null;
        return cancelled is not null;
    }

    private static bool IsMore(CancellationToken token, CancellationToken than) => token.CanBeCanceled && than.CanBeCanceled && token != than;
}
