using Microsoft.Extensions.Hosting;

namespace Plugwire.Hosting.Registration;

/// <summary>Binds the plugins to the application's life: they are there before its other hosted services start, and until all of these have stopped.</summary>
internal sealed class PluginHostService(PluginHost host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        host.StartAsync(static options => options.Startup == PluginStartup.WithTheApplication, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gentle until the application's own time for stopping is over. The container's disposal comes afterwards and closes the host for good.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => host.StopAllAsync(cancellationToken);
}
