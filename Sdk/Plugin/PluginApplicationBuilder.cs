using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.Callbacks;
using Plugwire.Launching;
using Plugwire.Lifetime;
using Plugwire.Logging;
using Plugwire.Running;
using Plugwire.Serving;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Logging;

namespace Plugwire;

/// <summary>
/// Puts a plugin application together on service collection, configuration and logging alone. It is a host application builder,
/// so that libraries extend it as they extend any other, but there is no generic host behind it: no file watcher, no
/// appsettings of whatever directory the host stands in, no console logger. For one thread at a time.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The application that is built owns them: the container the configuration, the run the lifetime.")]
public sealed class PluginApplicationBuilder : IHostApplicationBuilder, IPluginBuilder
{
    private readonly LaunchContext _launch;
    private readonly ServiceCollection _services = [];
    private readonly ConfigurationManager _configuration = new();
    private readonly PluginEnvironment _environment;
    private readonly PluginLifetime _lifetime = new();
    private readonly List<ServiceRegistration> _registrations = [];
    private readonly Interceptors _interceptors = new();
    private readonly SortedSet<string> _capabilities = new(StringComparer.Ordinal);
    private readonly Lazy<MetricsBuilder> _metrics;
    private readonly Dictionary<object, object> _properties = [];
    private Func<IServiceProvider> _createProvider;
    private bool _built;

    internal PluginApplicationBuilder(string[] args, LaunchContext launch)
    {
        _launch = launch;
        _environment = new PluginEnvironment(launch.Variable);
        _metrics = new(() => new MetricsBuilder(_services));
        _createProvider = () => _services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = _environment.IsDevelopment() });

        SettingsFile.AddTo(_configuration, launch.Variable);
        CommandLine.AddTo(_configuration, args);

        // By a factory, as in any host: so the container disposes of it.
        _services.AddSingleton<IConfiguration>(_ => _configuration);
        _services.AddSingleton<IHostEnvironment>(_environment);
        _services.AddSingleton(_lifetime);
        _services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        _services.AddSingleton(static services => new HostConnection(
            services.GetRequiredService<TimeProvider>(), new HarmlessLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger("Plugwire.Plugin"))));
        _services.AddSingleton<IHostContracts>(static services => new HostContracts(
            services.GetRequiredService<HostConnection>(), services.GetRequiredService<TimeProvider>()));
        Logging = HostLogging.AddTo(_services, HostLogLevel.Read(launch), launch.WriteLogLine);
    }

    /// <inheritdoc/>
    public IServiceCollection Services => _services;

    /// <inheritdoc/>
    public IConfigurationManager Configuration => _configuration;

    /// <inheritdoc/>
    public ILoggingBuilder Logging { get; }

    /// <inheritdoc/>
    public PluginApplicationOptions Options { get; } = new();

    /// <summary>The plugin's environment: its name by DOTNET_ENVIRONMENT, "Production" without; its content root is the program's own directory.</summary>
    public IHostEnvironment Environment => _environment;

    /// <summary>For libraries that configure metrics. Nothing collects them unless one is added.</summary>
    public IMetricsBuilder Metrics => _metrics.Value;

    IDictionary<object, object> IHostApplicationBuilder.Properties => _properties;

    /// <inheritdoc/>
    public IPluginBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>()
        where TService : class => Add(new ServiceRegistration<TService>(typeof(TService), [GeneratedService.FindBinder<TService>()], bindsNothing: true)
        {
            Descriptor = GeneratedService.FindDescriptor<TService>,
        });

    /// <inheritdoc/>
    public IPluginBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        Action<ServiceBinderBase, TService> bind)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(bind);
        return Add(new ServiceRegistration<TService>(typeof(TService), [bind], bindsNothing: false));
    }

    /// <inheritdoc/>
    public IPluginBuilder AddContract<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>()
        where TContract : class, IContract<TContract>
        where TImplementation : class, TContract =>
        Add(new ServiceRegistration<TImplementation>(typeof(TContract), [.. TContract.Definition.Methods.Select(method => (Action<ServiceBinderBase, TImplementation>)method.Bind)], bindsNothing: true)
        {
            Descriptor = () => TContract.Definition.Descriptor,
        });

    /// <inheritdoc/>
    public IPluginBuilder AddContract<TContract>(TContract implementation)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(implementation);
        Add(new ServiceRegistration<ContractInstance<TContract>>(
            typeof(TContract),
            [.. TContract.Definition.Methods.Select(method => (Action<ServiceBinderBase, ContractInstance<TContract>>)((binder, instance) => method.Bind(binder, instance?.Implementation)))],
            bindsNothing: true)
        {
            Descriptor = () => TContract.Definition.Descriptor,
        });
        _services.AddSingleton(new ContractInstance<TContract>(implementation));
        return this;
    }

    /// <inheritdoc/>
    public IPluginBuilder UseHostContract<TContract>()
        where TContract : class, IContract<TContract>
    {
        _services.TryAddSingleton(static services => services.GetRequiredService<IHostContracts>().GetHostContract<TContract>());
        return this;
    }

    /// <inheritdoc/>
    public IPluginBuilder AddInterceptor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>()
        where TInterceptor : Interceptor
    {
        _interceptors.Add<TInterceptor>();
        return this;
    }

    /// <inheritdoc/>
    public IPluginBuilder AddCapability(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!CapabilityNames.IsValid(name))
            throw new ArgumentException($"'{name}' is no name of a capability: it has 1 to {CapabilityNames.Longest} letters, digits, dots, hyphens and underscores of ASCII.", nameof(name));
        if (_capabilities.Count == CapabilityNames.Most && !_capabilities.Contains(name))
            throw new ArgumentException($"A plugin has at most {CapabilityNames.Most} capabilities: '{name}' is one more.", nameof(name));

        _capabilities.Add(name);
        return this;
    }

    /// <summary>Replaces the container that holds the services.</summary>
    /// <typeparam name="TContainerBuilder">The container's own builder.</typeparam>
    /// <param name="factory">Makes the container.</param>
    /// <param name="configure">Called with the container's builder when the application is built; null for nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
    {
        ArgumentNullException.ThrowIfNull(factory);
        _createProvider = () =>
        {
            var container = factory.CreateBuilder(_services);
            configure?.Invoke(container);
            return factory.CreateServiceProvider(container);
        };
    }

    /// <summary>Makes the application. Nothing is started yet, no service made.</summary>
    /// <exception cref="InvalidOperationException">The options are wrong (the message names every mistake), or the application has been built before.</exception>
    public PluginApplication Build()
    {
        if (_built)
            throw new InvalidOperationException("A plugin application is built once: make another builder.");
        string[] mistakes = [.. Options.FindMistakes()];
        if (mistakes.Length > 0)
            throw new LaunchRefusedException("The plugin is misconfigured by its author. " + string.Join(' ', mistakes));
        _built = true;

        _services.TryAddSingleton(TimeProvider.System);
        foreach (var registration in _registrations)
            registration.Register(_services);
        _interceptors.Register(_services);
        var provider = new ServiceProviderOwner(_createProvider());
        _services.MakeReadOnly();
        return new PluginApplication(_launch, ToParts(), provider, _lifetime, _launch.OwnsProcess ? new TerminationSignals(_lifetime) : null);
    }

    internal PluginApplicationBuilder Add(ServiceRegistration registration)
    {
        if (_registrations.Exists(other => other.Served == registration.Served))
            throw new InvalidOperationException($"{registration.Served} has been added before: a service or contract is served once.");
        _registrations.Add(registration);
        return this;
    }

    internal PluginParts ToParts() => new(
        [.. _registrations],
        _interceptors,
        Options.CookieKey,
        Options.CookieValue,
        [.. Options.ProtocolVersions],
        Options.DrainTimeout,
        Options.MaxReceiveMessageSize,
        Options.MaxSendMessageSize,
        Options.MaxMetadataSize,
        Options.MaxConcurrentStreams,
        Options.MaxIdleFramesPerSecond,
        Options.KeepAlivePingDelay,
        Options.KeepAlivePingTimeout,
        Options.MaxConnections,
        Options.DetailedErrors)
    {
        Capabilities = [.. _capabilities],
    };

    private sealed class MetricsBuilder(IServiceCollection services) : IMetricsBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
