using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Plugwire.Serving;

/// <summary>One service that the author added.</summary>
internal abstract class ServiceRegistration
{
    /// <summary>What is served once: the service's class, or the contract.</summary>
    public abstract Type Served { get; }

    /// <summary>Gives the service's descriptor, or null when it has none after all. Null for a service whose methods are bound by hand.</summary>
    public Func<Google.Protobuf.Reflection.ServiceDescriptor?>? Descriptor { get; init; }

    /// <summary>Registers the service in a scope per call, unless the author has registered it with a lifetime of its own.</summary>
    public abstract void Register(IServiceCollection services);

    /// <summary>Adds the service's methods to <paramref name="methods"/>.</summary>
    public abstract ValueTask BindAsync(ServiceBinderBase methods, IServiceProvider services, Interceptors interceptors);
}

/// <summary>A service of a known type, so that nothing on a call's path needs reflection.</summary>
internal sealed class ServiceRegistration<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>
    : ServiceRegistration
    where TService : class
{
    private readonly IReadOnlyList<Action<ServiceBinderBase, TService>> _binds;
    private readonly bool _bindsNothing;
    private bool _singleton;

    /// <param name="served">What is served once.</param>
    /// <param name="binds">Each adds one or more of a service's methods to a binder. The fewer each adds, the less a service that lives for a call makes per call.</param>
    /// <param name="bindsNothing">Whether they take null for the service, and then only name the methods: generated code does.</param>
    public ServiceRegistration(Type served, IReadOnlyList<Action<ServiceBinderBase, TService>> binds, bool bindsNothing)
    {
        Served = served;
        _binds = binds;
        _bindsNothing = bindsNothing;
    }

    public override Type Served { get; }

    public override void Register(IServiceCollection services)
    {
        services.TryAddScoped<TService>();
        _singleton = services.Last(IsTheService).Lifetime == ServiceLifetime.Singleton;
    }

    public override async ValueTask BindAsync(ServiceBinderBase methods, IServiceProvider services, Interceptors interceptors)
    {
        if (_singleton && interceptors.AreSingletons)
        {
            var binder = new SingletonBinder(methods, interceptors.Resolve(services));
            foreach (var bind in _binds)
                bind(binder, services.GetRequiredService<TService>());
            return;
        }

        if (_bindsNothing)
        {
            BindScoped(null!);
            return;
        }

        // A binder written by hand needs an instance to name its methods.
        var scope = services.CreateAsyncScope();
        await using var ending = scope.ConfigureAwait(false);
        BindScoped(scope.ServiceProvider.GetRequiredService<TService>());

        void BindScoped(TService named)
        {
            foreach (var bind in _binds)
                bind(new ScopedBinder<TService>(methods, services.GetRequiredService<IServiceScopeFactory>(), interceptors, bind), named);
        }
    }

    private static bool IsTheService(ServiceDescriptor descriptor) => !descriptor.IsKeyedService && descriptor.ServiceType == typeof(TService);
}
