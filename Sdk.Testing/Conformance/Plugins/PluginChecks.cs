using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>All checks of a plugin, in the order of a report.</summary>
internal static class PluginChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        .. HandshakeChecks.All,
        .. AddressChecks.All,
        .. VersionChecks.All,
        .. EnvironmentChecks.All,
        .. HealthChecks.All,
        .. ConnectionChecks.All,
        .. ShutdownChecks.All,
        .. SignalChecks.All,
        .. CallChecks.All,
        .. MetadataChecks.All,
        .. StatusChecks.All,
        .. CancellationChecks.All,
        .. MessageChecks.All,
        .. HalfCloseChecks.All,
        .. LogChecks.All,
        .. ConsoleChecks.All,
    ];
}
