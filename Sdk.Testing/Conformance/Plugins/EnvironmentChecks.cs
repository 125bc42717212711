using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>What else a host says by the environment.</summary>
internal static class EnvironmentChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("environment.unknown", "Variables of later hosts", "A plugin passes over variables of the launch that it does not know.", ConformanceSource.Plugwire, Must),
            (process, token) => ServesAsync(process, token),
            With("PLUGIN_FROM_A_LATER_HOST", "1", "PLUGWIRE_FROM_A_LATER_HOST", "1")),
        PluginCheck.Of(
            new("environment.no-ports", "No range of ports", "A plugin on a Unix domain socket does not need PLUGIN_MIN_PORT and PLUGIN_MAX_PORT.", ConformanceSource.GoPlugin, Must),
            (process, token) => ServesAsync(process, token),
            With(LaunchVariables.MinPort, null, LaunchVariables.MaxPort, null)),
        PluginCheck.Of(
            new("environment.bad-directory", "A directory that is not there", "A plugin whose PLUGIN_UNIX_SOCKET_DIR names no directory prints nothing on standard output and ends with an exit code other than 0.", ConformanceSource.GoPlugin, Must),
            (process, token) => process.RefusesAsync($"a {LaunchVariables.SocketDirectory} that is not there", token),
            With(LaunchVariables.SocketDirectory, "/nonexistent/plugwire-conformance")),
        new(
            new("environment.client-certificate", "A host that wants TLS", "A plugin whose host has set PLUGIN_CLIENT_CERT answers with its own certificate in the sixth field, DER in base64 without padding, or refuses to run; it does not serve in the clear.", ConformanceSource.GoPlugin, Should),
            (subject, token) => PluginCheck.RunAsync(subject, With(LaunchVariables.ClientCertificate, HostCertificate()), AnswersWithCertificateAsync, token)),
    ];

    private static SubjectLaunch With(string name, string? value, string? second = null, string? secondValue = null)
    {
        var variables = new Dictionary<string, string?> { [name] = value };
        if (second is not null)
            variables[second] = secondValue;
        return new SubjectLaunch { Variables = variables };
    }

    private static async Task ServesAsync(SubjectProcess process, CancellationToken cancellationToken) =>
        await HealthChecks.IsServingAsync(process, await process.DialAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private static async Task AnswersWithCertificateAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        if (!await process.Output.WaitAsync(bytes => bytes.Contains((byte)'\n'), cancellationToken).ConfigureAwait(false))
        {
            await process.RefusesAsync("a host that wants TLS", cancellationToken).ConfigureAwait(false);
            return;
        }

        var field = (await process.HandshakeAsync(cancellationToken).ConfigureAwait(false)).Certificate;
        if (field.Length == 0)
            throw process.Failure("The host wants TLS, and the plugin's sixth field is empty: it serves in the clear.");
        try
        {
            if (field.Contains('=', StringComparison.Ordinal))
                throw new FormatException("It is padded, which Go's hosts do not take.");
            var padding = new string('=', (4 - (field.Length % 4)) % 4);
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(field + padding));
        }
        catch (Exception failure) when (failure is FormatException or CryptographicException)
        {
            throw process.Failure($"The plugin's sixth field is no certificate in base64 without padding. {failure.Message}", failure);
        }
    }

    private static string HostCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
