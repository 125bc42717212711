using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What a host offers to the plugin.</summary>
internal sealed class HostEcho : IEcho
{
    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) =>
        new(new Text { Value = "the host heard " + request.Value });
}
