namespace Plugwire.Contracts.Tests;

/// <summary>Requests as a test says, one after the other, that see how they are treated: enumerated once, never two things at a time, and disposed of.</summary>
/// <param name="next">Gives the request of an index, counted from 0; null for the end. The token is that which the enumeration got.</param>
internal sealed class TrackedRequests(Func<int, CancellationToken, ValueTask<EchoRequest?>> next) : IAsyncEnumerable<EchoRequest>, IAsyncEnumerator<EchoRequest>
{
    private readonly Signal _disposed = new();
    private readonly Signal _cancelled = new();
    private CancellationTokenRegistration _registration;
    private int _busy;
    private int _enumerations;

    /// <summary>What was done that must not be; null for nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>How many were asked for.</summary>
    public int Asked { get; private set; }

    public bool IsDisposed => _disposed.IsSet;

    /// <summary>Whether nothing is left of an enumeration: a call that ends at once does not even begin one.</summary>
    public bool IsLetGo => Volatile.Read(ref _enumerations) == 0 || IsDisposed;

    public bool IsCancelled => _cancelled.IsSet;

    /// <summary>What its disposal throws; null for nothing.</summary>
    public Exception? FailureOfDisposal { get; init; }

    public CancellationToken Token { get; private set; }

    public EchoRequest Current { get; private set; } = null!;

    /// <summary>So many, and then it waits until its token fires.</summary>
    public static TrackedRequests ThenIdle(int count) => new(async (index, token) =>
    {
        if (index < count)
            return new EchoRequest { Count = index };
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return null;
    });

    /// <summary>Without end.</summary>
    public static TrackedRequests Endless(int payload = 0) => new((index, _) =>
        new(new EchoRequest { Count = index, Payload = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(new byte[payload]) }));

    public IAsyncEnumerator<EchoRequest> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _enumerations) > 1)
            Violation = "enumerated twice";
        Token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((Signal)state!).Set(), _cancelled);
        return this;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        Enter();
        try
        {
            if (await next(Asked++, Token) is not { } request)
                return false;
            Current = request;
            return true;
        }
        finally
        {
            Leave();
        }
    }

    public ValueTask DisposeAsync()
    {
        Enter();
        if (IsDisposed)
            Violation = "disposed of twice";
        _registration.Unregister();
        Leave();
        _disposed.Set();
        return FailureOfDisposal is null ? ValueTask.CompletedTask : throw FailureOfDisposal;
    }

    /// <summary>Ends when it is disposed of; fails if it was treated badly.</summary>
    public async Task DisposedAsync()
    {
        await _disposed.WaitAsync();
        Assert.Null(Violation);
    }

    public Task CancelledAsync() => _cancelled.WaitAsync();

    private void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            Violation = "two things at a time";
    }

    private void Leave() => Volatile.Write(ref _busy, 0);
}
