using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>A handler's view of its call.</summary>
internal sealed class RpcServerCallContext(IServerCall call, in RequestFields fields, TimeProvider timeProvider) : ServerCallContext
{
    /// <summary>
    /// The key in <see cref="ServerCallContext.UserState"/> of a <c>Func&lt;StatusCode?&gt;</c> that answers <see cref="IServerCall.EndedBy"/>. Known to those above who do not
    /// know the wire: Grpc.Core's context has no other place for it.
    /// </summary>
    public const string EndedByKey = "plugwire.call.ended";

    private static readonly AuthContext NotAuthenticated = new(peerIdentityPropertyName: null, []);

    private readonly DateTime _deadline = fields.Timeout is { } timeout ? timeProvider.GetUtcNow().UtcDateTime + timeout : DateTime.MaxValue;
    private Metadata? _responseTrailers;
    private Dictionary<object, object>? _userState;

    /// <summary>The handler's trailers, if it has touched them.</summary>
    public Metadata? ResponseTrailersOrNull => _responseTrailers;

    protected override string MethodCore => call.Method;

    protected override string HostCore { get; } = fields.Authority;

    protected override string PeerCore => call.Peer;

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore { get; } = fields.Metadata;

    protected override CancellationToken CancellationTokenCore => call.CancellationToken;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    // Most handlers never ask, and cost nothing. Who asks why the call has ended may do so on any thread, while others ask, too.
    protected override IDictionary<object, object> UserStateCore => _userState ?? MakeUserState();

    protected override AuthContext AuthContextCore => NotAuthenticated;

    private Dictionary<object, object> MakeUserState()
    {
        var state = new Dictionary<object, object> { [EndedByKey] = (Func<StatusCode?>)(() => call.EndedBy) };
        return Interlocked.CompareExchange(ref _userState, state, null) ?? state;
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => call.WriteHeadersAsync(responseHeaders);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException(
        "Propagation tokens belong to the native gRPC library. Pass this context's Deadline and CancellationToken on in the CallOptions of the next call.");
}
