using Microsoft.Extensions.Hosting;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>The points of a plugin's life that its calls do not see.</summary>
internal sealed class LifetimeFaults(IHostApplicationLifetime lifetime, FaultTrigger trigger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // What goes wrong with the output happens where the output is passed on.
        if (!trigger.NeedsStandardOutput)
            lifetime.ApplicationStarted.Register(() => trigger.Reach(FaultPoint.AfterHandshake));
        lifetime.ApplicationStopping.Register(() => trigger.Reach(FaultPoint.Shutdown));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
