using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>The end that a host asks for.</summary>
internal static class ShutdownChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("shutdown.ends", "The end when asked", "plugin.GRPCController/Shutdown ends the plugin's process in time; how the call itself ends does not matter.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                using var console = SubjectProcess.FollowConsole(calls, token);
                await process.ShutdownAsync(calls, token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("shutdown.exit-code", "The exit code of an orderly end", "A plugin that was asked to end ends with exit code 0.", ConformanceSource.Plugwire, Should),
            async (process, token) =>
            {
                var exit = await process.ShutdownAsync(await process.DialAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
                if (exit.ExitCode != 0)
                    throw process.Failure($"The plugin was asked to end and {exit}.");
            }),
        PluginCheck.Of(
            new("shutdown.removes-socket", "No socket is left", "A plugin that was asked to end removes its socket.", ConformanceSource.GoPlugin, Should),
            async (process, token) =>
            {
                await process.ShutdownAsync(await process.DialAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
                if (File.Exists(process.Address))
                    throw process.Failure($"The plugin has ended, and its socket '{SubjectProcess.Shown(process.Address)}' is still there.");
            }),
        PluginCheck.Of(
            new("shutdown.no-processes", "No process is left", "What a plugin has started ends with it.", ConformanceSource.Plugwire, Must),
            async (process, token) =>
            {
                PluginCheck.RequireLinux("The processes that a plugin has left are seen");
                await process.ShutdownAsync(await process.DialAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
                if (process.Descendants() is { Count: > 0 } left)
                    throw process.Failure($"The plugin has ended, and what it has started lives on: process {string.Join(", ", left)}.");
            }),
        PluginCheck.OfContract(
            new("shutdown.while-calling", "The end while a call is open", "Shutdown ends the plugin's process in time also while a call is open, be it waited for or cut.", ConformanceSource.GoPlugin, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Wait(new WaitRequest { Key = "shutdown" }, cancellationToken: token);
                await call.ResponseStream.MoveNext(token).ConfigureAwait(false);
                await calls.Process.ShutdownAsync(calls.Connection.CallInvoker, token).ConfigureAwait(false);
            }),
    ];
}
