using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Hosting.Connecting;

/// <summary>The connections to one plugin. Two, so that no load of calls can keep a health check, a stop or the console from getting through.</summary>
/// <param name="control">For what the host itself asks of the plugin.</param>
/// <param name="calls">For the application's calls.</param>
internal sealed class PluginConnections(RpcClientConnection control, RpcClientConnection calls)
{
    public RpcClientConnection Control { get; } = control;

    public RpcClientConnection Calls { get; } = calls;

    /// <summary>Ends with the first of the connections that is over. Never faults.</summary>
    public Task Lost { get; } = Task.WhenAny(control.Closed, calls.Closed);

    /// <summary>Closes both at once; open and later calls end with <c>Unavailable</c> and the reason.</summary>
    public async ValueTask AbortAsync(LossExplanation explanation)
    {
        await Calls.AbortAsync(explanation).ConfigureAwait(false);
        await Control.AbortAsync(explanation).ConfigureAwait(false);
    }
}
