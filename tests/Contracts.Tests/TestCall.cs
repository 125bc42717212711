using Grpc.Core;

namespace Plugwire.Contracts.Tests;

/// <summary>A call that is handled, without a wire.</summary>
internal sealed class TestCall : ServerCallContext
{
    public DateTime EndsAt { get; init; } = DateTime.MaxValue;

    public Metadata Requested { get; init; } = [];

    public CancellationToken Token { get; init; }

    /// <summary>What was sent ahead of the messages; null while nothing was.</summary>
    public Metadata? Sent { get; private set; }

    /// <summary>A handler's context of this call.</summary>
    public CallContext Handled => new(new CallResponse(this));

    protected override string MethodCore => "/test";

    protected override string HostCore => "test";

    protected override string PeerCore => "test peer";

    protected override DateTime DeadlineCore => EndsAt;

    protected override Metadata RequestHeadersCore => Requested;

    protected override CancellationToken CancellationTokenCore => Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => throw new NotSupportedException();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        Sent = responseHeaders;
        return Task.CompletedTask;
    }
}
