using Grpc.Core;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Services.Health;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>The standard health service, by which hosts see that a plugin lives.</summary>
internal static class HealthChecks
{
    /// <summary>The service whose health is the plugin's.</summary>
    public const string Plugin = "plugin";

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("health.serving", "The plugin is healthy", "grpc.health.v1.Health/Check answers SERVING for the service 'plugin'.", ConformanceSource.GoPlugin, Must),
            async (process, token) => await IsServingAsync(process, await process.DialAsync(token).ConfigureAwait(false), token).ConfigureAwait(false)),
        PluginCheck.Of(
            new("health.unknown-service", "The health of a stranger", "grpc.health.v1.Health/Check ends with NOT_FOUND for a service that the plugin does not serve.", ConformanceSource.Grpc, Should),
            async (process, token) =>
            {
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                try
                {
                    var status = await CheckAsync(calls, "plugwire.conformance.NoSuchService", token).ConfigureAwait(false);
                    throw process.Failure($"The health of a service that is not there should be NOT_FOUND, and the answer is {status}.");
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.NotFound)
                {
                }
            }),
    ];

    public static async Task<HealthCheckResponse.Types.ServingStatus> CheckAsync(CallInvoker calls, string service, CancellationToken cancellationToken) =>
        (await new Health.HealthClient(calls).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false)).Status;

    /// <summary>That the plugin says it is healthy.</summary>
    /// <exception cref="CaseFailedException">It does not.</exception>
    public static async Task IsServingAsync(SubjectProcess process, CallInvoker calls, CancellationToken cancellationToken)
    {
        var status = await CheckAsync(calls, Plugin, cancellationToken).ConfigureAwait(false);
        if (status != HealthCheckResponse.Types.ServingStatus.Serving)
            throw process.Failure($"The plugin's health should be SERVING, and is {status}.");
    }
}
