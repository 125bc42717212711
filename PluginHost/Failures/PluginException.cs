namespace Plugwire.Hosting;

/// <summary>
/// Something went wrong with one plugin. The base of all that a host reports by an exception and that is no RPC status: a call that fails throws a <see cref="PluginCallException"/>.
/// </summary>
public class PluginException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="pluginName">The name that the host gave the plugin.</param>
    /// <param name="message">What happened, as sentences for a person.</param>
    /// <param name="innerException">What caused it; null when nothing below threw.</param>
    public PluginException(string pluginName, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(pluginName);
        PluginName = pluginName;
    }

    /// <summary>The name that the host gave the plugin.</summary>
    public string PluginName { get; }
}
