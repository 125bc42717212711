using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>One run of a case: what it calls on, and when it ends.</summary>
/// <param name="Invoker">A client of any make.</param>
/// <param name="Options">What is known of the pair.</param>
/// <param name="Ended">Fires when the case is over or has taken too long: no call outlives its case.</param>
public sealed record InteropRun(CallInvoker Invoker, InteropOptions Options, CancellationToken Ended)
{
    /// <summary>The classic client.</summary>
    public TestService.TestServiceClient Client { get; } = new(Invoker);

    /// <summary>The typed one.</summary>
    public ITestService Contract { get; } = Typed<ITestService>.Create(Invoker);

    /// <summary>Of a call with this metadata.</summary>
    public CallOptions CallOptions(Metadata? headers = null) => new(headers, cancellationToken: Ended);
}
