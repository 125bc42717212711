using Microsoft.Extensions.Hosting;
using Plugwire.Hosting.Launching;
using Plugwire.Testing.InProcess;

namespace Plugwire.Testing.Fakes.Plugins;

/// <summary>Does at a plugin's start what the test says: of all hosted services it is the first, and the handshake waits for them.</summary>
internal sealed class FakeStartService(FakeStart start, InProcessChild child) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await start.PassAsync(cancellationToken).ConfigureAwait(false);
        if (start.Refusal is not { } refusal)
            return;

        if (refusal.Error is { } error)
            child.WriteErrorLine(error);
        child.End(new ChildExit(refusal.ExitCode, null));

        // A process that has ended goes no further; the run hears that its host has gone.
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
