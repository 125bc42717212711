using System.Text;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Testing.InProcess;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Testing.Tests.Time;

/// <summary>Runs a plugin that greets its host, is there for whoever dials, and never says a word more.</summary>
internal sealed class MuteRunner : PluginRunner
{
    public override PluginCommand Resolve(string fileName, IReadOnlyList<string> arguments, PluginStartAttempt attempt) => new(fileName, arguments);

    public override Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt) => Task.FromResult<ChildProcess>(new MuteChild());

    public override string? RefuseAddress(string address, LaunchDirectory directory) => null;

    public override Task<TransportConnection> ConnectAsync(string address, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        Task.FromResult(MemoryTransport.CreatePair(address).Client);

    private sealed class MuteChild : ChildProcess
    {
        private readonly Lifeline _input = new();
        private readonly MemoryPipe _output = new();
        private readonly MemoryPipe _error = new();
        private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MuteChild() => _output.Put(Encoding.ASCII.GetBytes("1|1|unix|mute|grpc\n"));

        public override int Id => Environment.ProcessId;

        public override Stream StandardInput => _input;

        public override Stream StandardOutput => _output;

        public override Stream StandardError => _error;

        public override Task<ChildExit> Exited => _exited.Task;

        public override void Terminate() => Kill();

        public override bool TrySignal(int signal) => false;

        public override void Kill()
        {
            _output.Complete();
            _error.Complete();
            _exited.TrySetResult(new ChildExit(null, 9));
        }

        public override ValueTask DisposeAsync()
        {
            Kill();
            return ValueTask.CompletedTask;
        }
    }
}
