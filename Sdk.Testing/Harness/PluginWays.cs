namespace Plugwire.Testing;

/// <summary>The ways of <see cref="PluginWay"/> in lists, for tests that run in several of them.</summary>
public static class PluginWays
{
    /// <summary>Every way there is on this system. A later version of the kit may have more.</summary>
    public static IReadOnlyList<PluginWay> All { get; } = [PluginWay.Memory, PluginWay.UnixSocket, PluginWay.Process];

    /// <summary>The ways in which the plugin runs in the test's own process, where its services can be replaced.</summary>
    public static IReadOnlyList<PluginWay> InTestProcess { get; } = [PluginWay.Memory, PluginWay.UnixSocket];
}
