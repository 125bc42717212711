using Grpc.Core;

namespace Plugwire.Contracts.Tests.Ending;

/// <summary>A cancelled call of a server that is not ours: where ours says how a call has ended, it says nothing.</summary>
internal sealed class ForeignCall(DateTime deadline) : ServerCallContext
{
    public CallContext Call => new(new CallResponse(this));

    protected override string MethodCore => "/test";

    protected override string HostCore => "test";

    protected override string PeerCore => "test peer";

    protected override DateTime DeadlineCore => deadline;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore { get; } = new(canceled: true);

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => throw new NotSupportedException();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => throw new NotSupportedException();
}
