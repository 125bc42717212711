using System.Text;
using Plugwire.Hosting.Launching;
using Plugwire.Testing.InProcess;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>A child without a process, which plays a bad handshake.</summary>
internal sealed class HandshakeChild : ChildProcess
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    // More than any host reads before it has seen that this is a flood.
    private const int FloodSize = 2 * 1024 * 1024;

    private readonly MemoryPipe _output = new();
    private readonly MemoryPipe _error = new();
    private readonly Lifeline _input = new();
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HandshakeChild(ChildStart start, HandshakeScript script)
    {
        var address = Path.Combine(start.Environment[LaunchVariables.SocketDirectory], HandshakeScript.SocketName);
        if (script.HasDeadSocket)
            DeadSocket.Make(address);
        _output.Put(Fill(script.Output, address, start.Environment[LaunchVariables.ProtocolVersions].Split(',')[0]));
        _output.Put(Encoding.UTF8.GetBytes(new string('a', script.Filler)));
        switch (script.Ending)
        {
            case HandshakeEnding.CloseOutput:
                _output.Complete();
                break;
            case HandshakeEnding.Exit:
                End(new ChildExit(script.ExitCode, null));
                break;
            case HandshakeEnding.Flood:
                _output.Put(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("y\n", FloodSize / 2))));
                break;
        }
    }

    public override int Id => Environment.ProcessId;

    public override Stream StandardInput => _input;

    public override Stream StandardOutput => _output;

    public override Stream StandardError => _error;

    public override Task<ChildExit> Exited => _exited.Task;

    public override void Terminate() => End(new ChildExit(null, SigTerm));

    public override bool TrySignal(int signal) => throw new NotSupportedException("This is no process.");

    public override void Kill() => End(new ChildExit(null, SigKill));

    public override async ValueTask DisposeAsync()
    {
        Kill();
        await _input.DisposeAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
        await _error.DisposeAsync().ConfigureAwait(false);
    }

    // Byte by byte, as not all of it is text.
    private static byte[] Fill(byte[] output, string address, string version) => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(output)
            .Replace(HandshakeScript.Address, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(address)), StringComparison.Ordinal)
            .Replace(HandshakeScript.Version, version, StringComparison.Ordinal));

    private void End(ChildExit exit)
    {
        _output.Complete();
        _error.Complete();
        _exited.TrySetResult(exit);
    }
}
