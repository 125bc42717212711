using System.Runtime.InteropServices;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>
/// A process that does not end when it should: with <c>--deaf=shutdown</c> it stays when the plugin has stopped, with <c>--deaf=signals</c> it
/// does not heed the terminate signal either.
/// </summary>
internal sealed class Deafness : IDisposable
{
    private readonly bool _stays;
    private readonly PosixSignalRegistration? _terminate;

    private Deafness(bool stays, bool ignoresSignals)
    {
        _stays = stays;
        _terminate = ignoresSignals ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true) : null;
    }

    public static Deafness Of(string[] args)
    {
        var signals = args.Contains("--deaf=signals");
        return new Deafness(signals || args.Contains("--deaf=shutdown"), signals);
    }

    public void StayIfTold()
    {
        if (_stays)
            Fault.Hang();
    }

    public void Dispose() => _terminate?.Dispose();
}
