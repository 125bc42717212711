using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Plugwire.Testing;

/// <summary>
/// A call as its handler sees it, without a call: for direct tests of a handler's class, be it of a classic service (<see cref="ServerCallContext"/>) or of a typed contract (<see cref="Call"/>).
/// What the handler sets, the test reads.
/// </summary>
/// <example>
/// <code>
/// var call = new TestServerCallContext(requestHeaders: new Metadata { { "tenant", "7" } });
/// var answer = await new GreeterService().SayHello(new HelloRequest(), call);
/// var description = await new Inspector().DescribeAsync(new DescribeRequest(), call.Call, call.CancellationToken);
/// </code>
/// </example>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle: there is nothing to dispose of.")]
public sealed class TestServerCallContext : ServerCallContext
{
    private readonly CancellationTokenSource _source = new();
    private readonly CallResponse _response;
    private readonly string _method;
    private readonly string _host;
    private readonly string _peer;
    private readonly DateTime _deadline;
    private readonly Metadata _requestHeaders;
    private readonly Metadata _trailers = [];
    private int _reason;
    private Metadata? _sentHeaders;

    /// <summary>Creates a call.</summary>
    /// <param name="method">The method's full name, as it travels.</param>
    /// <param name="host">What the caller takes this side for.</param>
    /// <param name="peer">Who calls, as gRPC writes it.</param>
    /// <param name="deadline">When the call ends at the latest, in UTC; null for never. Nothing happens by itself when it has passed: see <see cref="Cancel"/>.</param>
    /// <param name="requestHeaders">The request's headers; null for none.</param>
    /// <param name="cancellationToken">Cancels the call, as its caller does.</param>
    /// <exception cref="ArgumentNullException">A text is null.</exception>
    public TestServerCallContext(
        string method = "/test.Service/Method",
        string host = "localhost",
        string peer = "test:",
        DateTime? deadline = null,
        Metadata? requestHeaders = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(peer);
        _method = method;
        _host = host;
        _peer = peer;
        _deadline = deadline is { } end && end != DateTime.MaxValue ? end.ToUniversalTime() : DateTime.MaxValue;
        _requestHeaders = requestHeaders ?? [];
        _response = new CallResponse(this);
        cancellationToken.UnsafeRegister(static context => ((TestServerCallContext)context!).Cancel(), this);
    }

    /// <summary>The same call, as the handler of a typed contract gets it. What it writes into <see cref="CallContext.Response"/> is read there, too.</summary>
    public CallContext Call => new(_response);

    /// <summary>The headers that the handler has sent on their way; null as long as it has not. Those that a typed contract's handler leaves to its first message stay in <see cref="CallResponse.Headers"/>.</summary>
    public Metadata? ResponseHeaders => Volatile.Read(ref _sentHeaders);

    /// <summary>What else is to be done when the headers are sent.</summary>
    internal Action? OnHeaders { get; init; }

    /// <inheritdoc/>
    protected override string MethodCore => _method;

    /// <inheritdoc/>
    protected override string HostCore => _host;

    /// <inheritdoc/>
    protected override string PeerCore => _peer;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => _deadline;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => _requestHeaders;

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => _source.Token;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore => _trailers;

    /// <inheritdoc/>
    protected override Status StatusCore { get; set; }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore { get; } = new(peerIdentityPropertyName: null, []);

    /// <inheritdoc/>
    protected override IDictionary<object, object> UserStateCore
    {
        get
        {
            var state = base.UserStateCore;
            state.TryAdd(CancellationReason.Key, (Func<StatusCode?>)EndedBy);
            return state;
        }
    }

    /// <summary>Cancels the call: its token fires, and <see cref="CallContext.Cancellation"/> says why. The first reason stays.</summary>
    /// <param name="reason">Why.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no reason.</exception>
    public void Cancel(CallCancellation reason = CallCancellation.Caller)
    {
        Note(reason);
        _source.Cancel();
    }

    /// <summary>The same, with what hangs on the token run elsewhere.</summary>
    internal Task CancelAsync(CallCancellation reason)
    {
        Note(reason);
        return _source.CancelAsync();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">They have been sent before.</exception>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        var copy = new Metadata();
        foreach (var header in responseHeaders)
            copy.Add(header);
        if (Interlocked.CompareExchange(ref _sentHeaders, copy, null) is not null)
            throw new InvalidOperationException($"The response's headers of {_method} have been sent before: they leave once.");
        OnHeaders?.Invoke();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException(
        "Propagation tokens belong to the native gRPC library. Pass this context's Deadline and CancellationToken on in the CallOptions of the next call.");

    private void Note(CallCancellation reason)
    {
        if (reason == CallCancellation.None || !Enum.IsDefined(reason))
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "It is no reason for a cancellation.");
        Interlocked.CompareExchange(ref _reason, (int)reason, (int)CallCancellation.None);
    }

    private StatusCode? EndedBy() => (CallCancellation)Volatile.Read(ref _reason) switch
    {
        CallCancellation.None => null,
        CallCancellation.Deadline => StatusCode.DeadlineExceeded,
        CallCancellation.Stopping => StatusCode.Aborted,
        CallCancellation.ConnectionLost => StatusCode.Unavailable,
        _ => StatusCode.Cancelled,
    };
}
