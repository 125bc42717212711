using System.Globalization;
using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Services.Health;

namespace Plugwire.Hosting.Connecting;

/// <summary>Asks a plugin whether it serves.</summary>
internal static class HealthCheck
{
    // The name under which every go-plugin server reports itself.
    private const string Service = "plugin";

    /// <exception cref="PluginStartException">The plugin does not serve, or does not answer.</exception>
    public static async Task<bool> RequireServingAsync(CallInvoker control, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        const string Expected = "an answer to grpc.health.v1.Health/Check of the service 'plugin': SERVING.";
        try
        {
            var status = await AskAsync(control, deadline: null, cancellationToken).ConfigureAwait(false);
            if (status != HealthCheckResponse.Types.ServingStatus.Serving)
            {
                throw attempt.Fail(
                    PluginStartStage.Check, PluginStartReason.NotServing, $"it answered {NameOf(status)}.", Expected,
                    "Look into the plugin's log for what it waits for.");
            }

            return true;
        }
        catch (RpcException failure)
        {
            throw attempt.FailCall(
                PluginStartStage.Check, PluginStartReason.NotServing, "the call", failure, Expected,
                failure.StatusCode is StatusCode.Unimplemented or StatusCode.NotFound ? "Add the health service to the plugin; the Plugwire SDK and go-plugin have it." : null,
                cancellationToken);
        }
    }

    /// <exception cref="RpcException">The plugin did not answer.</exception>
    public static async Task<bool> IsServingAsync(CallInvoker control, DateTime? deadline, CancellationToken cancellationToken) =>
        await AskAsync(control, deadline, cancellationToken).ConfigureAwait(false) == HealthCheckResponse.Types.ServingStatus.Serving;

    /// <summary>The question of a host that watches its plugin: any answer shows that the plugin is alive.</summary>
    /// <exception cref="RpcException">Unavailable: the connection is over.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<HealthAnswer> ProbeAsync(CallInvoker control, CancellationToken cancellationToken)
    {
        using var call = new Health.HealthClient(control).CheckAsync(new HealthCheckRequest { Service = Service }, cancellationToken: cancellationToken);
        try
        {
            var status = (await call.ResponseAsync.ConfigureAwait(false)).Status;
            var headers = await call.ResponseHeadersAsync.ConfigureAwait(false);
            return new HealthAnswer(
                status == HealthCheckResponse.Types.ServingStatus.Serving ? null : $"It answers {NameOf(status)} to the question for its health.",
                headers.Get(HealthHeaders.Debugger) is not null,
                int.TryParse(headers.GetValue(HealthHeaders.DeafHandlers), NumberStyles.None, CultureInfo.InvariantCulture, out var deaf) ? deaf : 0);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Unavailable)
        {
            return new HealthAnswer($"It answers {failure.StatusCode} to the question for its health: {PrintableText.Of(failure.Status.Detail)}", IsDebugged: false);
        }
    }

    /// <summary>Listens for changes that the plugin tells by itself, where it serves <c>Watch</c>. Ends with the connection, or when it does not; never fails.</summary>
    /// <param name="control">The control connection.</param>
    /// <param name="onChange">Told of each change. The next is taken when it has ended, so that a plugin which tells many is not heard faster than that.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ListenAsync(CallInvoker control, Func<CancellationToken, Task> onChange, CancellationToken cancellationToken)
    {
        try
        {
            using var call = new Health.HealthClient(control).Watch(new HealthCheckRequest { Service = Service }, cancellationToken: cancellationToken);

            // The first is no change: it says how it is.
            await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false);
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
                await onChange(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception end) when (end is RpcException or OperationCanceledException)
        {
            // Not served, or over. The host asks all the same.
        }
    }

    private static async Task<HealthCheckResponse.Types.ServingStatus> AskAsync(CallInvoker control, DateTime? deadline, CancellationToken cancellationToken)
    {
        using var call = new Health.HealthClient(control).CheckAsync(
            new HealthCheckRequest { Service = Service }, deadline: deadline, cancellationToken: cancellationToken);
        return (await call.ResponseAsync.ConfigureAwait(false)).Status;
    }

    private static string NameOf(HealthCheckResponse.Types.ServingStatus status) => status switch
    {
        HealthCheckResponse.Types.ServingStatus.NotServing => "NOT_SERVING",
        HealthCheckResponse.Types.ServingStatus.ServiceUnknown => "SERVICE_UNKNOWN",
        HealthCheckResponse.Types.ServingStatus.Unknown => "UNKNOWN",
        _ => $"the unknown status {(int)status}",
    };
}
