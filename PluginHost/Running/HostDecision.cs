namespace Plugwire.Hosting.Running;

/// <summary>What the host has decided about a plugin's end.</summary>
internal enum HostDecision
{
    /// <summary>Nothing: the plugin is to run, and its end is its own.</summary>
    None,

    /// <summary>It is stopped: asked for by the application, or because its start or the host's own work failed.</summary>
    Stop,

    /// <summary>It is ended because a connection to it was lost.</summary>
    CutOff,

    /// <summary>It is ended because it does not answer.</summary>
    GiveUp,
}
