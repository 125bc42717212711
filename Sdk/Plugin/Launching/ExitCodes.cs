namespace Plugwire.Launching;

/// <summary>How a plugin's process ends.</summary>
internal static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>Not started by a host, or misconfigured by host or author: go-plugin's plugins end so, too.</summary>
    public const int Refused = 1;

    /// <summary>The author's code or the system threw while the plugin started.</summary>
    public const int StartFailed = 2;

    /// <summary>A background service of the author's failed while the plugin ran.</summary>
    public const int RunFailed = 3;

    /// <summary>The host died and the plugin did not end by itself in time.</summary>
    public const int HostGone = 4;
}
