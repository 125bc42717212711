namespace Plugwire.Hosting.Supervising;

/// <summary>What a plugin's end means for its next start, apart from how often that has been.</summary>
internal static class RestartRules
{
    public static bool Allows(PluginRestartPolicy policy, PluginExitReason reason) => policy switch
    {
        PluginRestartPolicy.Never => false,
        PluginRestartPolicy.Always => reason is not PluginExitReason.HostFailed,
        _ => reason is PluginExitReason.Crashed or PluginExitReason.Disconnected or PluginExitReason.Unresponsive,
    };

    /// <summary>A start that fails in the same way whenever it is tried is not tried again.</summary>
    public static bool Allows(PluginRestartPolicy policy, Exception startFailure) =>
        policy != PluginRestartPolicy.Never
        && startFailure is PluginStartException
        {
            Reason: PluginStartReason.ExitedEarly or PluginStartReason.TimedOut or PluginStartReason.ConnectFailed or PluginStartReason.NotServing
                or PluginStartReason.BadHandshake or PluginStartReason.TooManyOpenFiles or PluginStartReason.LaunchDirectoryUnusable or PluginStartReason.CopyFailed or PluginStartReason.Other,
        };
}
