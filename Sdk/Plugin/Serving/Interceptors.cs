using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Plugwire.Serving;

/// <summary>The author's server interceptors, in the order they were added.</summary>
internal sealed class Interceptors
{
    private readonly List<Type> _types = [];
    private readonly List<Action<IServiceCollection>> _registrations = [];

    /// <summary>Whether one set of instances serves all calls. Known after <see cref="Register"/>.</summary>
    public bool AreSingletons { get; private set; } = true;

    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>()
        where TInterceptor : Interceptor
    {
        _types.Add(typeof(TInterceptor));
        _registrations.Add(static services => services.TryAddScoped<TInterceptor>());
    }

    /// <summary>Registers each interceptor in a scope per call, unless the author has registered it with a lifetime of its own.</summary>
    public void Register(IServiceCollection services)
    {
        foreach (var register in _registrations)
            register(services);
        AreSingletons = _types.TrueForAll(type =>
            services.Last(descriptor => !descriptor.IsKeyedService && descriptor.ServiceType == type).Lifetime == ServiceLifetime.Singleton);
    }

    public Interceptor[] Resolve(IServiceProvider services)
    {
        if (_types.Count == 0)
            return [];

        var interceptors = new Interceptor[_types.Count];
        for (var i = 0; i < interceptors.Length; i++)
            interceptors[i] = (Interceptor)services.GetRequiredService(_types[i]);
        return interceptors;
    }
}
