using System.Runtime.InteropServices;
using Plugwire.Lifetime;

namespace Plugwire.Launching;

/// <summary>
/// What signals mean to a plugin. Ctrl+C in a terminal reaches the host's whole process group: it is the host's to answer, and
/// a plugin that died of it would break calls the host is still draining. A terminate signal stops the plugin, with a drain; a second one without.
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public TerminationSignals(PluginLifetime lifetime) => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static context => context.Cancel = true),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = lifetime.TryTerminate()),
    ];

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
