using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>All checks of a host, in the order of a report.</summary>
internal static class HostChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        .. LaunchChecks.All,
        .. HandshakeChecks.All,
        .. ConnectionChecks.All,
        .. CallChecks.All,
        .. OutputChecks.All,
        .. StopChecks.All,
        .. HostDeathChecks.All,
    ];
}
