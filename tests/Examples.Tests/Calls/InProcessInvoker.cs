using Examples.Inspection;
using Grpc.Core;

namespace Examples.Tests.Calls;

/// <summary>
/// Calls a service without a process or a wire between, but as over one: messages are serialised when they are written, and
/// few of them are under way.
/// </summary>
internal sealed class InProcessInvoker(Inspector.InspectorBase? inspector = null, Reporter.ReporterBase? reporter = null) : CallInvoker
{
    private const int InFlight = 4;

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var requests = new Pipe<TRequest>(InFlight);
        var responses = new Pipe<TResponse>(InFlight);
        var call = Task.Run(() => inspector!.Inspect(
            (IAsyncStreamReader<FileChunk>)(object)requests, (IServerStreamWriter<Finding>)(object)responses, new TestCallContext(options.CancellationToken)));
        _ = call.ContinueWith(ended => { responses.End(ended.Exception?.InnerException); requests.End(ended.Exception?.InnerException); }, TaskScheduler.Default);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, responses, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var requests = new Pipe<TRequest>(InFlight);
        var call = Task.Run(async () => (TResponse)(object)await reporter!.Summarize((IAsyncStreamReader<Finding>)(object)requests, new TestCallContext(options.CancellationToken)));
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, call, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();
}
