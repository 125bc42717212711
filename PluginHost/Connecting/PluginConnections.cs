using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Hosting.Connecting;

/// <summary>
/// The connections to one plugin. Several, so that no load of calls can keep a health check, a stop or the console from getting through, and because a connection has
/// one side that calls.
/// </summary>
/// <param name="control">For what the host itself asks of the plugin.</param>
/// <param name="calls">For the application's calls.</param>
internal sealed class PluginConnections(RpcClientConnection control, RpcClientConnection calls)
{
    public RpcClientConnection Control { get; } = control;

    public RpcClientConnection Calls { get; } = calls;

    /// <summary>For the plugin's calls to the host; null when the host offers none, or the plugin knows no such thing.</summary>
    public RpcServerConnection? Callbacks { get; set; }

    /// <summary>Ends with the first of the connections that is over: a plugin that has lost one of them is not the plugin that was started. Never faults.</summary>
    public Task Lost => Callbacks is { } callbacks ? Task.WhenAny(Control.Closed, Calls.Closed, callbacks.Closed) : Task.WhenAny(Control.Closed, Calls.Closed);

    /// <summary>Closes all at once. The host's open and later calls end with <c>Unavailable</c> and the reason; the tokens of its handlers fire.</summary>
    public async ValueTask AbortAsync(LossExplanation explanation)
    {
        if (Callbacks is not null)
            await Callbacks.DisposeAsync().ConfigureAwait(false);
        await Calls.AbortAsync(explanation).ConfigureAwait(false);
        await Control.AbortAsync(explanation).ConfigureAwait(false);
    }
}
