using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Lifetime;
using Plugwire.Output;
using Plugwire.Running;
using Plugwire.Tests.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Tests.Running;

/// <summary>A plugin that is served in memory, and a client of it.</summary>
internal sealed class ServedPlugin : IAsyncDisposable
{
    private readonly RpcClientConnection _connection;
    private bool _stopped;

    private ServedPlugin(PluginApplication application, PluginServer server, OutputBuffer output, MemoryListener listener, RpcClientConnection connection)
    {
        Application = application;
        Listener = listener;
        Server = server;
        Output = output;
        _connection = connection;
    }

    public PluginApplication Application { get; }

    public PluginServer Server { get; }

    /// <summary>Where more connections can be made.</summary>
    public MemoryListener Listener { get; }

    public OutputBuffer Output { get; }

    public IServiceProvider Services => Application.Services;

    public PluginLifetime Lifetime => Services.GetRequiredService<PluginLifetime>();

    public CallInvoker Invoker => _connection.CallInvoker;

    public static async Task<ServedPlugin> StartAsync(FakeLaunch launch, Action<PluginApplicationBuilder> configure)
    {
        var builder = launch.CreateBuilder();
        configure(builder);
        var application = builder.Build();
        var output = new OutputBuffer();
        var server = new PluginServer(application.Services, builder.ToParts(), output);
        var listener = new MemoryListener();
        await server.StartAsync(() => Task.FromResult<Wire.Transports.IConnectionListener>(listener), TestContext.Current.CancellationToken).Within();
        var transport = await listener.ConnectAsync(TestContext.Current.CancellationToken);
        var connection = await RpcClientConnection.ConnectAsync(transport, new RpcClientOptions(), TestContext.Current.CancellationToken).Within();
        return new ServedPlugin(application, server, output, listener, connection);
    }

    public Task StopAsync(TimeSpan drain, Task? hurried = null)
    {
        _stopped = true;
        return Server.StopAsync(drain, EndOutputAsync, hurried ?? new TaskCompletionSource().Task);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (!_stopped)
            await StopAsync(TimeSpan.Zero).Within();
        await Server.DisposeAsync();
        await Application.DisposeAsync();
    }

    private Task EndOutputAsync()
    {
        Output.Complete();
        return Task.CompletedTask;
    }
}
