using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Output;
using Plugwire.Wire.Services.GoPlugin;
using Channel = Plugwire.Wire.Services.GoPlugin.StdioData.Types.Channel;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>Whatever a plugin hands over as its console, in whatever pieces, is logged line by line, and however the stream ends, that is all.</summary>
public sealed class ConsoleFuzzTests
{
    private const int LongestLine = 16 * 1024;

    [Fact]
    [Trait("Fault", "F13")]
    public Task Drain_AnyPieces_LogsTheLinesOfEachChannel() => Fuzz.RunAsync(10_000, async random =>
    {
        // Not so many lines that some of them would be left out.
        var pieces = Enumerable.Range(0, random.Next(8)).Select(_ => new StdioData
        {
            Channel = (Channel)random.Next(-1, 4),
            Data = ByteString.CopyFrom(random.Next(50) == 0 ? Enumerable.Repeat((byte)'x', random.Next(3 * LongestLine)).ToArray() : HostileBytes.Next(random, 40)),
        }).ToList();
        var log = new KeptLog();
        var forwarder = new PluginLogForwarder("todo", log, TimeProvider.System);

        await ConsoleStream.DrainAsync(new ScriptedConsole(pieces, NextEnd(random)), "todo", forwarder, new FakeTimeProvider(), NullLogger.Instance);

        await forwarder.DisposeAsync();
        Assert.Equal((0, 0), (forwarder.SinkFailures, forwarder.Dropped));
        foreach (var (name, isOfIt) in new (string, Func<StdioData, bool>)[] { ("stdout", data => data.Channel == Channel.Stdout), ("stderr", data => data.Channel != Channel.Stdout) })
        {
            Assert.Equal(
                Lines([.. pieces.Where(isOfIt).SelectMany(data => data.Data.ToByteArray())]),
                log.Entries.Where(entry => entry.StartsWith($"todo.{name}|Information|0|", StringComparison.Ordinal)).Select(entry => entry.Split('|', 4)[3]));
        }
    });

    private static IEnumerable<string> Lines(byte[] bytes)
    {
        foreach (var line in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            for (var start = 0; start < line.Length; start += LongestLine)
            {
                var text = Encoding.Latin1.GetBytes(line[start..Math.Min(line.Length, start + LongestLine)].TrimEnd('\r'));
                if (text.Length == 0)
                    continue;

                var message = PrintableText.Of(Encoding.UTF8.GetString(text));
                yield return $"{message}||Message={message},{{OriginalFormat}}={{Message}}";
            }
        }
    }

    private static Exception? NextEnd(Random random) => random.Next(4) switch
    {
        0 => null,
        1 => new RpcException(new Status(StatusCode.Unavailable, "gone")),
        2 => new RpcException(new Status(StatusCode.Internal, "broken")),
        _ => new InvalidOperationException("unforeseen"),
    };

    /// <summary>A plugin's console, without a plugin.</summary>
    private sealed class ScriptedConsole(IReadOnlyList<StdioData> pieces, Exception? end) : CallInvoker
    {
        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
                (IAsyncStreamReader<TResponse>)(object)new Reader(pieces, end), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }

    private sealed class Reader(IReadOnlyList<StdioData> pieces, Exception? end) : IAsyncStreamReader<StdioData>
    {
        private int _at = -1;

        public StdioData Current => pieces[_at];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => ++_at < pieces.Count ? Task.FromResult(true)
            : end is null ? Task.FromResult(false)
            : Task.FromException<bool>(end);
    }
}
