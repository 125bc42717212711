using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Hosting.Offering;

/// <summary>
/// Adds a contract's methods with handlers that make a service scope for each call, resolve what implements the contract in it, and dispose of it when the
/// call has ended, however it ended.
/// </summary>
internal sealed class ScopedHostContract<TContract, TImplementation> : ServiceBinderBase
    where TContract : class, IContract<TContract>
    where TImplementation : class, TContract
{
    private readonly ServiceBinderBase _methods;
    private readonly IServiceScopeFactory _scopes;
    private readonly ContractMethod<TContract> _contractMethod;

    private ScopedHostContract(ServiceBinderBase methods, IServiceScopeFactory scopes, ContractMethod<TContract> contractMethod)
    {
        _methods = methods;
        _scopes = scopes;
        _contractMethod = contractMethod;
    }

    public static HostContract Of(IServiceScopeFactory scopes) => new(TContract.Definition.ServiceName, methods =>
    {
        foreach (var method in TContract.Definition.Methods)
            method.Bind(new ScopedHostContract<TContract, TImplementation>(methods, scopes, method), implementation: null);
    });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        _methods.AddMethod(method, async (request, context) =>
        {
            var scope = _scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            return await Handler<UnaryServerMethod<TRequest, TResponse>>(scope)(request, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        _methods.AddMethod(method, async (requests, context) =>
        {
            var scope = _scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            return await Handler<ClientStreamingServerMethod<TRequest, TResponse>>(scope)(requests, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        _methods.AddMethod(method, async (request, responses, context) =>
        {
            var scope = _scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            await Handler<ServerStreamingServerMethod<TRequest, TResponse>>(scope)(request, responses, context).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        _methods.AddMethod(method, async (requests, responses, context) =>
        {
            var scope = _scopes.CreateAsyncScope();
            await using var ending = scope.ConfigureAwait(false);
            await Handler<DuplexStreamingServerMethod<TRequest, TResponse>>(scope)(requests, responses, context).ConfigureAwait(false);
        });

    private THandler Handler<THandler>(AsyncServiceScope scope)
        where THandler : Delegate
    {
        var selector = new MethodSelector(_contractMethod.Method);
        _contractMethod.Bind(selector, scope.ServiceProvider.GetRequiredService<TImplementation>());
        return selector.Handler<THandler>();
    }
}
