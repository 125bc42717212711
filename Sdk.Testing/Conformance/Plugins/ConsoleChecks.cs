using System.Globalization;
using System.Text;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Services.GoPlugin;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>What the plugin's code prints once the handshake is out.</summary>
internal static class ConsoleChecks
{
    private const string Text = "printed by a handler";
    private const int FloodLines = 512;
    private const int FloodLength = 1024;

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("console.not-on-stdout", "Standard output stays silent", "What the plugin's code prints to standard output after the handshake does not appear on the real one, which hosts stop reading at a long line.", ConformanceSource.GoPlugin, Must),
            async (calls, token) =>
            {
                await PrintAsync(calls, toError: false, Text, 1, token).ConfigureAwait(false);
                await calls.Process.ShutdownAsync(calls.Connection.CallInvoker, token).ConfigureAwait(false);
                if (calls.Process.Output.Text.Contains(Text, StringComparison.Ordinal))
                    throw calls.Process.Failure("What a handler printed stands on the plugin's real standard output.");
            }),
        PluginCheck.OfContract(
            new("console.output-delivered", "Standard output reaches the host", "What the plugin's code prints to standard output reaches the host by plugin.GRPCStdio/StreamStdio, on the channel STDOUT.", ConformanceSource.GoPlugin, Should),
            async (calls, token) =>
            {
                await PrintAsync(calls, toError: false, Text, 1, token).ConfigureAwait(false);
                if (!await ArrivesAsync(calls, StdioData.Types.Channel.Stdout, bytes => Holds(bytes, Text), token).ConfigureAwait(false))
                    throw calls.Process.Failure(calls.HasConsole ? "What a handler printed has not come by StreamStdio on the channel STDOUT." : "The plugin does not serve plugin.GRPCStdio/StreamStdio.");
            }),
        PluginCheck.OfContract(
            new("console.error-delivered", "Standard error reaches the host", "What the plugin's code prints to standard error reaches the host: on the real one, or by StreamStdio on the channel STDERR.", ConformanceSource.GoPlugin, Should),
            async (calls, token) =>
            {
                await PrintAsync(calls, toError: true, Text + "\n", 1, token).ConfigureAwait(false);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
                var ways = new[]
                {
                    ArrivesAsync(calls, StdioData.Types.Channel.Stderr, bytes => Holds(bytes, Text), end.Token),
                    WithinPatienceAsync(calls, patience => calls.Process.Error.WaitAsync(bytes => Holds(bytes, Text), patience), end.Token),
                };
                if (!await await Task.WhenAny(ways).ConfigureAwait(false) && !(await Task.WhenAll(ways).ConfigureAwait(false)).Contains(true))
                    throw calls.Process.Failure("What a handler printed to standard error has come neither there nor by StreamStdio on the channel STDERR.");
                await end.CancelAsync().ConfigureAwait(false);
                await ((Task)Task.WhenAll(ways)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }),
        PluginCheck.OfContract(
            new("console.flood", "Much output", "Half a MiB printed to standard output neither stops the plugin nor appears on the real one, while its host reads StreamStdio.", ConformanceSource.GoPlugin, Must),
            async (calls, token) =>
            {
                await PrintAsync(calls, toError: false, new string('x', FloodLength - 1) + "\n", FloodLines, token).ConfigureAwait(false);
                await HealthChecks.IsServingAsync(calls.Process, calls.Connection.CallInvoker, token).ConfigureAwait(false);
                await calls.Process.ShutdownAsync(calls.Connection.CallInvoker, token).ConfigureAwait(false);
                if (calls.Process.Output.Bytes.Length > HandshakeBytes)
                    throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"On the plugin's real standard output stand {calls.Process.Output.Bytes.Length} bytes."));
            }),
    ];

    private const int HandshakeBytes = 4096;

    private static Task<PrintResponse> PrintAsync(ContractCalls calls, bool toError, string text, int times, CancellationToken cancellationToken) =>
        calls.Client.PrintAsync(new PrintRequest { ToStandardError = toError, Text = text, Times = times }, cancellationToken: cancellationToken).ResponseAsync;

    private static Task<bool> ArrivesAsync(ContractCalls calls, StdioData.Types.Channel channel, Func<byte[], bool> predicate, CancellationToken cancellationToken) =>
        WithinPatienceAsync(calls, async patience => predicate(await calls.ConsoleAsync(channel, predicate, patience).ConfigureAwait(false)), cancellationToken);

    private static async Task<bool> WithinPatienceAsync(ContractCalls calls, Func<CancellationToken, Task<bool>> wait, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(calls.Process.ReactionTimeout, TimeProvider.System);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await wait(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
