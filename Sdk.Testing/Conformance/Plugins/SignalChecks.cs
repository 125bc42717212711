using Grpc.Core;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Services.Control;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Signals, and the host's death.</summary>
internal static class SignalChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("signal.terminate", "The terminate signal", "SIGTERM ends the plugin's process in time: a host sends it to a plugin that does not answer.", ConformanceSource.Plugwire, Must),
            async (process, token) =>
            {
                PluginCheck.RequireLinux("Signals are sent");
                await process.DialAsync(token).ConfigureAwait(false);
                process.SendTerminate();
                await process.EndAsync("the terminate signal").ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("signal.interrupt", "Ctrl+C in the host's terminal", "SIGINT, which a terminal sends to host and plugin alike, does not end the plugin: it is the host's to answer.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                PluginCheck.RequireLinux("Signals are sent");
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                await HealthChecks.IsServingAsync(process, calls, token).ConfigureAwait(false);
                process.SendInterrupt();
                await process.StaysAsync("SIGINT").ConfigureAwait(false);
                await HealthChecks.IsServingAsync(process, calls, token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("host-death.unannounced", "The end of standard input", "The end of its standard input does not end a plugin, unless the host has said by PLUGWIRE_LIFELINE what it means: many hosts hand their own input on.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                await process.CloseInputAsync().ConfigureAwait(false);
                await process.StaysAsync("the end of its standard input, which no host has announced as its own end").ConfigureAwait(false);
                await HealthChecks.IsServingAsync(process, calls, token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("host-death.announced", "The host's death", "A plugin that serves plugwire.control.v1.Control ends when its standard input does, where the host has announced that by PLUGWIRE_LIFELINE=stdin: so no plugin outlives its host.", ConformanceSource.Plugwire, Must),
            async (process, token) =>
            {
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                await RequireControlAsync(calls, token).ConfigureAwait(false);
                await process.CloseInputAsync().ConfigureAwait(false);
                await process.EndAsync($"the end of its standard input, announced by {LaunchVariables.Lifeline}").ConfigureAwait(false);
            },
            new SubjectLaunch { HasLifeline = true }),
    ];

    private static async Task RequireControlAsync(CallInvoker calls, CancellationToken cancellationToken)
    {
        try
        {
            await new Control.ControlClient(calls).DescribeAsync(new DescribeRequest(), cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            throw new CaseSkippedException("The plugin does not serve plugwire.control.v1.Control, and so does not claim to know the host's death.");
        }
    }
}
