namespace Plugwire.Hosting;

/// <summary>When a host starts a plugin again that has ended without being asked to.</summary>
public enum PluginRestartPolicy
{
    /// <summary>After a crash: an exit with another code than 0, a signal, a lost connection, or when it no longer answers. The default.</summary>
    OnCrash,

    /// <summary>Never: its end is the end.</summary>
    Never,

    /// <summary>However it ended, with exit code 0 too.</summary>
    Always,
}
