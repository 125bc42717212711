using System.Runtime.InteropServices;

namespace Examples.Inspect;

/// <summary>Ctrl+C or a terminate signal: the first cancels, so that everything ends in order; the second ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    private const int Base = 128;
    private const int InterruptNumber = 2;
    private const int TerminateNumber = 15;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Hear(context, Base + InterruptNumber)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Hear(context, Base + TerminateNumber)),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What a shell expects of a process that the signal ended: 130 or 143.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Hear(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            return;
        context.Cancel = true;
        _source.Cancel();
    }
}
