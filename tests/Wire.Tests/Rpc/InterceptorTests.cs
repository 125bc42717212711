using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Interceptors of Grpc.Core on the client. On the server they are put around the handlers by who binds them: see Plugwire.Sdk.</summary>
public sealed class InterceptorTests
{
    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task ClientInterceptor_AroundEveryKind_SeesTheCallAndAddsToIt(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var seen = new Recorder();
        string? header = null;
        pair.Service.Do(context =>
        {
            header = context.RequestHeaders.GetValue("added");
            return Task.CompletedTask;
        });

        var client = new Echo.EchoClient(pair.Connection.CallInvoker.Intercept(seen).Intercept(metadata =>
        {
            metadata.Add("added", "by an interceptor");
            return metadata;
        }));
        await OpenCall.Start(client, kind).Outcome;

        Assert.Equal([kind], seen.Kinds);
        Assert.Equal("by an interceptor", header);
    }

    [Fact]
    public async Task ClientInterceptor_AroundABlockingCall_SeesIt()
    {
        await using var pair = await RpcPair.StartAsync();
        var seen = new Recorder();
        var client = new Echo.EchoClient(pair.Connection.CallInvoker.Intercept(seen));

        var reply = await Task.Run(() => client.Unary(new EchoRequest { Text = "blocking" })).WaitAsync(RpcPair.Limit);

        Assert.Equal("blocking", reply.Text);
        Assert.Equal([MethodType.Unary], seen.Kinds);
    }

    private sealed class Recorder : Interceptor
    {
        public List<MethodType> Kinds { get; } = [];

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Kinds.Add(context.Method.Type);
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Kinds.Add(context.Method.Type);
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Kinds.Add(context.Method.Type);
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Kinds.Add(context.Method.Type);
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Kinds.Add(context.Method.Type);
            return continuation(context);
        }
    }
}
