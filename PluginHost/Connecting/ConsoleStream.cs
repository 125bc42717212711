using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Output;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.Hosting.Connecting;

/// <summary>
/// What a plugin's code writes to its console after the handshake, as a go-plugin server hands it over. It is read as long as the plugin lives: the plugin may stand still
/// when nobody does.
/// </summary>
internal sealed partial class ConsoleStream
{
    private const int LongestLine = 16 * 1024;

    private readonly string _pluginName;
    private readonly ILogger _logger;
    private readonly ConsoleChannel _output;
    private readonly ConsoleChannel _error;

    private ConsoleStream(string pluginName, PluginLogForwarder forwarder, TimeProvider timeProvider, ILogger logger)
    {
        _pluginName = pluginName;
        _logger = logger;
        _output = new ConsoleChannel("stdout", forwarder, timeProvider);
        _error = new ConsoleChannel("stderr", forwarder, timeProvider);
    }

    /// <summary>Reads until the control connection ends. The task never faults.</summary>
    public static Task DrainAsync(
        CallInvoker control, string pluginName, PluginLogForwarder forwarder, TimeProvider timeProvider, ILogger logger) =>
        new ConsoleStream(pluginName, forwarder, timeProvider, logger).DrainAsync(control);

    private async Task DrainAsync(CallInvoker control)
    {
        try
        {
            using var call = new GRPCStdio.GRPCStdioClient(control).StreamStdio(new Google.Protobuf.WellKnownTypes.Empty());
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
                Take(call.ResponseStream.Current);
        }
        catch (RpcException end) when (end.StatusCode is StatusCode.Unimplemented)
        {
            Log.NoConsole(_logger, _pluginName);
        }
        catch (RpcException end) when (end.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled)
        {
            // The connection is over, and with it the plugin.
        }
        catch (Exception failure)
        {
            Log.ConsoleLost(_logger, failure, _pluginName);
        }

        _output.End();
        _error.End();
    }

    private void Take(StdioData data)
    {
        if (data.Channel == StdioData.Types.Channel.Stdout)
            _output.Take(data.Data);
        else
            _error.Take(data.Data);
    }

    /// <summary>One of the two, cut into lines and logged within a limit.</summary>
    private sealed class ConsoleChannel
    {
        private readonly string _module;
        private readonly PluginLogForwarder _forwarder;
        private readonly LogAllowance _allowance;
        private readonly LineBuffer _lines;

        public ConsoleChannel(string module, PluginLogForwarder forwarder, TimeProvider timeProvider)
        {
            _module = module;
            _forwarder = forwarder;
            _allowance = new LogAllowance(LogAllowance.OfStrayOutput, "lines on the console", timeProvider);
            _lines = new LineBuffer(LongestLine, OnPiece);
        }

        public void Take(ByteString data)
        {
            for (var rest = data.Span; !rest.IsEmpty;)
            {
                var free = _lines.Free.Span;
                var count = Math.Min(free.Length, rest.Length);
                rest[..count].CopyTo(free);
                _lines.Commit(count);
                rest = rest[count..];
            }
        }

        public void End() => _lines.End();

        private void OnPiece(ReadOnlySpan<byte> piece, LineEnd end)
        {
            var text = piece.TrimEnd("\r"u8);
            if (!text.IsEmpty)
            {
                var isLogged = _allowance.TryTake(out var notice);
                PostNotice(notice);
                if (isLogged)
                    Post(LogLevel.Information, PrintableText.Of(Encoding.UTF8.GetString(text)));
            }

            if (end == LineEnd.StreamEnd)
                PostNotice(_allowance.TakeNotice());
        }

        private void PostNotice(string? notice)
        {
            if (notice is not null)
                Post(LogLevel.Warning, notice);
        }

        private void Post(LogLevel level, string message) =>
            _forwarder.Post(new PluginLogEntry(level, message) { Module = _module });
    }

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Debug, "Plugin '{Plugin}' does not hand its console over: it has no stdio service.")]
        public static partial void NoConsole(ILogger logger, string plugin);

        [LoggerMessage(11, LogLevel.Warning, "The console of plugin '{Plugin}' is no longer read.")]
        public static partial void ConsoleLost(ILogger logger, Exception failure, string plugin);
    }
}
