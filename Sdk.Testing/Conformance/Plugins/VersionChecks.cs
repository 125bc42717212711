using System.Globalization;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>The agreement on the application's version.</summary>
internal static class VersionChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        new(
            new("versions.highest-common", "The highest version that both speak", "Of the versions in PLUGIN_PROTOCOL_VERSIONS, which stand in no order, the plugin names the highest that it speaks as well.", ConformanceSource.GoPlugin, Must),
            async (subject, token) =>
            {
                var own = subject.Options.ProtocolVersions;
                await NamesAsync(subject, ProtocolVersions.Format([.. own.Order(), Beyond(own)]), own.Max(), token).ConfigureAwait(false);
                await NamesAsync(subject, ProtocolVersions.Format([Beyond(own), .. own.OrderDescending()]), own.Max(), token).ConfigureAwait(false);
            }),
        new(
            new("versions.each", "Each version by itself", "A plugin whose host offers one of its versions alone names that one.", ConformanceSource.GoPlugin, Must),
            async (subject, token) =>
            {
                foreach (var version in subject.Options.ProtocolVersions)
                    await NamesAsync(subject, ProtocolVersions.Format([version]), version, token).ConfigureAwait(false);
            }),
        new(
            new("versions.none-in-common", "No version in common", "A plugin that speaks none of the offered versions names its own lowest, so that the host can tell its user, or refuses to run; it never names one that it does not speak.", ConformanceSource.GoPlugin, Must),
            (subject, token) => NamesLowestOrRefusesAsync(subject, ProtocolVersions.Format([Beyond(subject.Options.ProtocolVersions)]), token)),
        new(
            new("versions.not-offered", "A host that offers none", "A plugin whose host sends no PLUGIN_PROTOCOL_VERSIONS, as very old ones do, names its own lowest or refuses to run.", ConformanceSource.GoPlugin, Must),
            (subject, token) => NamesLowestOrRefusesAsync(subject, null, token)),
        new(
            new("versions.unreadable", "What is no number in the list", "A plugin passes over what is no number in PLUGIN_PROTOCOL_VERSIONS.", ConformanceSource.GoPlugin, Must),
            (subject, token) => NamesAsync(subject, "next," + ProtocolVersions.Format(subject.Options.ProtocolVersions) + ",,x1", subject.Options.ProtocolVersions.Max(), token)),
    ];

    private static int Beyond(IEnumerable<int> own) => own.Max() + 1000;

    private static Task NamesAsync(PluginSubject subject, string offered, int expected, CancellationToken cancellationToken) =>
        PluginCheck.RunAsync(
            subject,
            new SubjectLaunch { Versions = offered },
            async (process, token) =>
            {
                var named = (await process.HandshakeAsync(token).ConfigureAwait(false)).ApplicationVersion;
                if (named != expected)
                    throw process.Failure(string.Create(CultureInfo.InvariantCulture, $"Of the versions '{offered}' the plugin should have named {expected}, and it named {named}."));
            },
            cancellationToken);

    private static Task NamesLowestOrRefusesAsync(PluginSubject subject, string? offered, CancellationToken cancellationToken) =>
        PluginCheck.RunAsync(
            subject,
            offered is null
                ? new SubjectLaunch { Variables = new Dictionary<string, string?> { [LaunchVariables.ProtocolVersions] = null } }
                : new SubjectLaunch { Versions = offered },
            async (process, token) =>
            {
                if (!await process.Output.WaitAsync(bytes => bytes.Contains((byte)'\n'), token).ConfigureAwait(false))
                {
                    await process.RefusesAsync("a host with which it has no version in common", token).ConfigureAwait(false);
                    return;
                }

                var named = (await process.HandshakeAsync(token).ConfigureAwait(false)).ApplicationVersion;
                if (named != subject.Options.ProtocolVersions.Min())
                    throw process.Failure(string.Create(CultureInfo.InvariantCulture, $"With {(offered is null ? "no version" : $"'{offered}'")} offered the plugin should have named {subject.Options.ProtocolVersions.Min()}, its lowest, and it named {named}."));
            },
            cancellationToken);
}
