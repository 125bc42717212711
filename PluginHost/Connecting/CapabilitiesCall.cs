using System.Collections.Frozen;
using System.Globalization;
using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Services.Control;

namespace Plugwire.Hosting.Connecting;

/// <summary>Asks a plugin for the names of its optional features.</summary>
internal static class CapabilitiesCall
{
    private static readonly string Expected = string.Create(
        CultureInfo.InvariantCulture, $"an answer to plugwire.control.v1.Control/Describe: at most {CapabilityNames.Most} names of at most {CapabilityNames.Longest} characters.");

    /// <returns>None when the plugin is none of Plugwire's, or an older one.</returns>
    /// <exception cref="PluginStartException">It does not answer, or not with names.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<FrozenSet<string>> AskAsync(CallInvoker control, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            using var call = new Control.ControlClient(control).DescribeAsync(new DescribeRequest(), cancellationToken: cancellationToken);
            var names = (await call.ResponseAsync.ConfigureAwait(false)).Capabilities;
            return names.Count <= CapabilityNames.Most && names.All(CapabilityNames.IsValid)
                ? names.ToFrozenSet(StringComparer.Ordinal)
                : throw attempt.Fail(
                    PluginStartStage.Check, PluginStartReason.BadDescription,
                    names.Count > CapabilityNames.Most ? $"{names.Count} names." : $"the name '{names.First(name => !CapabilityNames.IsValid(name))}'.", Expected);
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.Unimplemented or StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            // A server in front of which somebody stands guard refuses what it does not know.
            return [];
        }
        catch (RpcException failure)
        {
            throw attempt.FailCall(PluginStartStage.Check, PluginStartReason.BadDescription, "the call", failure, Expected, advice: null, cancellationToken);
        }
    }
}
