namespace Plugwire.Hosting;

/// <summary>A plugin cannot be called at present, or at all: it is between two starts, in quarantine, or has ended. The status says which.</summary>
public sealed class PluginUnavailableException : PluginException
{
    internal PluginUnavailableException(PluginStatus status)
        : base(status.PluginName, status.ToString(), status.Faults is [{ StartFailure: { } failure }, ..] ? failure : null) => Status = status;

    /// <summary>Where the plugin stood.</summary>
    public PluginStatus Status { get; }
}
