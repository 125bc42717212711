namespace Plugwire.Hosting;

/// <summary>When an application starts a plugin that it has registered.</summary>
public enum PluginStartup
{
    /// <summary>When something first asks for it or calls it. The default.</summary>
    OnFirstUse,

    /// <summary>While the application starts, before its other hosted services do; a plugin that does not start keeps the application from starting.</summary>
    WithTheApplication,
}
