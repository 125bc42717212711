using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Serving;

/// <summary>
/// Adds methods that make a service scope for each call, resolve the interceptors and the service in it, and dispose of it
/// asynchronously when the handler has ended, however it ended.
/// </summary>
internal sealed class ScopedBinder<TService>(
    ServiceBinderBase methods, IServiceScopeFactory scopes, Interceptors interceptors, Action<ServiceBinderBase, TService> bind)
    : ServiceBinderBase
    where TService : class
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, async (request, context) =>
        {
            var scope = scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            var chain = InterceptorChain.Around<TRequest, TResponse>(
                interceptors.Resolve(scope.ServiceProvider),
                (request, context) => Select<UnaryServerMethod<TRequest, TResponse>>(method, scope.ServiceProvider)(request, context));
            return await chain(request, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, async (requests, context) =>
        {
            var scope = scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            var chain = InterceptorChain.Around<TRequest, TResponse>(
                interceptors.Resolve(scope.ServiceProvider),
                (requests, context) => Select<ClientStreamingServerMethod<TRequest, TResponse>>(method, scope.ServiceProvider)(requests, context));
            return await chain(requests, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, async (request, responses, context) =>
        {
            var scope = scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            var chain = InterceptorChain.Around<TRequest, TResponse>(
                interceptors.Resolve(scope.ServiceProvider),
                (request, responses, context) =>
                    Select<ServerStreamingServerMethod<TRequest, TResponse>>(method, scope.ServiceProvider)(request, responses, context));
            await chain(request, responses, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, async (requests, responses, context) =>
        {
            var scope = scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            var chain = InterceptorChain.Around<TRequest, TResponse>(
                interceptors.Resolve(scope.ServiceProvider),
                (requests, responses, context) =>
                    Select<DuplexStreamingServerMethod<TRequest, TResponse>>(method, scope.ServiceProvider)(requests, responses, context));
            await chain(requests, responses, context).ConfigureAwait(false);
        });

    // The service is made inside the interceptors: a call that one of them refuses makes none.
    private THandler Select<THandler>(IMethod method, IServiceProvider services)
        where THandler : Delegate
    {
        var selector = new MethodSelector(method);
        bind(selector, services.GetRequiredService<TService>());
        return selector.Handler<THandler>();
    }
}
