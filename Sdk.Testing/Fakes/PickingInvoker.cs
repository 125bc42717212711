using Grpc.Core;

namespace Plugwire.Testing.Fakes;

/// <summary>Finds out which method a test means: it notes what is called on it, and calls nothing.</summary>
internal sealed class PickingInvoker : CallInvoker
{
    /// <summary>What has been called; null for nothing.</summary>
    public IMethod? Picked { get; private set; }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Note(method);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw Note(method);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Note(method);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw Note(method);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw Note(method);

    private PickedException Note(IMethod method)
    {
        Picked = method;
        return new PickedException();
    }

    /// <summary>The call has been noted.</summary>
    internal sealed class PickedException : Exception;
}
