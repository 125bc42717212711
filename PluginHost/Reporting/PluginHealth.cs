namespace Plugwire.Hosting;

/// <summary>What a host knows of its plugin's health.</summary>
public enum PluginHealth
{
    /// <summary>Nothing: it does not run, or is not asked.</summary>
    Unknown,

    /// <summary>It answers that it serves.</summary>
    Serving,

    /// <summary>It answers that it does not serve, or answers with an error. It can be called all the same.</summary>
    NotServing,

    /// <summary>It does not answer, and its process uses the processor: it may be busy, or turn in circles.</summary>
    Busy,

    /// <summary>It does not answer, and its process is stopped, or waits and uses no processor; or the system does not tell.</summary>
    Frozen,
}
