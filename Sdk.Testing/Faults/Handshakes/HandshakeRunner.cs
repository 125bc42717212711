using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;

namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>Has a bad handshake played wherever a host starts a plugin.</summary>
internal sealed class HandshakeRunner(HandshakeScript script) : PluginRunner
{
    // There is no program to look for.
    public override PluginCommand Resolve(string fileName, IReadOnlyList<string> arguments, PluginStartAttempt attempt) => new(fileName, arguments);

    public override Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt) => Task.FromResult<ChildProcess>(new HandshakeChild(start, script));
}
