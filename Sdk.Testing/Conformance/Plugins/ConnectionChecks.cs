using System.Net.Sockets;
using Grpc.Core;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Connections, and what every gRPC server does on them.</summary>
internal static class ConnectionChecks
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static (byte[] message) => message, static bytes => bytes);

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("connection.authority", "Whatever authority", "A plugin takes calls with the authority 'unused', which Go's hosts send, as with 'localhost'.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                foreach (var authority in (string[])["unused", "localhost"])
                    await HealthChecks.IsServingAsync(process, (await process.ConnectAsync(token, authority).ConfigureAwait(false)).CallInvoker, token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("connection.several", "Several connections", "A plugin serves at least three connections side by side: a host has one for control and one for calls.", ConformanceSource.Plugwire, Must),
            async (process, token) =>
            {
                var connections = new List<CallInvoker>();
                for (var i = 0; i < 3; i++)
                    connections.Add(await process.DialAsync(token).ConfigureAwait(false));
                await Task.WhenAll(connections.Select(calls => HealthChecks.IsServingAsync(process, calls, token))).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("connection.lost", "A connection that is lost", "A plugin goes on serving others when a connection is lost.", ConformanceSource.Grpc, Must),
            async (process, token) =>
            {
                var lost = await process.ConnectAsync(token).ConfigureAwait(false);
                await HealthChecks.IsServingAsync(process, lost.CallInvoker, token).ConfigureAwait(false);
                await lost.DisposeAsync().ConfigureAwait(false);
                await StillServesAsync(process, "a connection was lost", token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("connection.garbage", "A connection that speaks no HTTP/2", "A plugin goes on serving others when one sends it what is no HTTP/2.", ConformanceSource.Grpc, Must),
            async (process, token) =>
            {
                await process.HandshakeAsync(token).ConfigureAwait(false);
                await SendGarbageAsync(process.Address, token).ConfigureAwait(false);
                await StillServesAsync(process, "a connection sent what is no HTTP/2", token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("connection.unknown-method", "A method that is not served", "A call of a method that the plugin does not serve ends with UNIMPLEMENTED, and the connection goes on.", ConformanceSource.Grpc, Must),
            async (process, token) =>
            {
                var calls = await process.DialAsync(token).ConfigureAwait(false);
                await IsUnimplementedAsync(process, calls, "plugwire.conformance.NoSuchService", "Call", token).ConfigureAwait(false);
                await IsUnimplementedAsync(process, calls, "grpc.health.v1.Health", "NoSuchMethod", token).ConfigureAwait(false);
                await HealthChecks.IsServingAsync(process, calls, token).ConfigureAwait(false);
            }),
        PluginCheck.Of(
            new("connection.console-stream", "The stream of the console", "plugin.GRPCStdio/StreamStdio, which a host opens first of all, stays open as long as the plugin runs, or ends with UNIMPLEMENTED.", ConformanceSource.GoPlugin, Must),
            (process, token) => StaysOpenAsync(process, "GRPCStdio", "StreamStdio", MethodType.ServerStreaming, token)),
        PluginCheck.Of(
            new("connection.broker-stream", "The stream of the broker", "plugin.GRPCBroker/StartStream, which a go-plugin host opens first of all, stays open as long as the plugin runs, or ends with UNIMPLEMENTED.", ConformanceSource.GoPlugin, Must),
            (process, token) => StaysOpenAsync(process, "GRPCBroker", "StartStream", MethodType.DuplexStreaming, token)),
    ];

    private static async Task StillServesAsync(SubjectProcess process, string after, CancellationToken cancellationToken)
    {
        try
        {
            await HealthChecks.IsServingAsync(process, await process.DialAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or CaseFailedException)
        {
            throw process.Failure($"The plugin does not serve any more after {after}. {failure.Message}", failure);
        }
    }

    private static async Task SendGarbageAsync(string address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellationToken).ConfigureAwait(false);
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The plugin closes it as it likes.
        }
    }

    private static async Task IsUnimplementedAsync(SubjectProcess process, CallInvoker calls, string service, string method, CancellationToken cancellationToken)
    {
        try
        {
            using var call = calls.AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, service, method, Bytes, Bytes), null, new CallOptions(cancellationToken: cancellationToken), []);
            await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            return;
        }
        catch (RpcException failure)
        {
            throw process.Failure($"A call of /{service}/{method}, which is not there, should end with UNIMPLEMENTED, and ended with {failure.StatusCode}: {SubjectProcess.Shown(failure.Status.Detail)}", failure);
        }

        throw process.Failure($"A call of /{service}/{method}, which is not there, should end with UNIMPLEMENTED, and was answered.");
    }

    private static async Task StaysOpenAsync(SubjectProcess process, string service, string method, MethodType type, CancellationToken cancellationToken)
    {
        var calls = await process.DialAsync(cancellationToken).ConfigureAwait(false);
        var definition = new Method<byte[], byte[]>(type, "plugin." + service, method, Bytes, Bytes);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new CallOptions(cancellationToken: ending.Token);
        using var stream = type == MethodType.DuplexStreaming
            ? new OpenStream(calls.AsyncDuplexStreamingCall(definition, null, options))
            : new OpenStream(calls.AsyncServerStreamingCall(definition, null, options, []));
        var end = EndAsync(stream.Responses, ending.Token);

        // A call behind it on the same connection is answered when the plugin has seen the stream, and has had its time to refuse it.
        for (var i = 0; i < 3; i++)
            await HealthChecks.IsServingAsync(process, calls, cancellationToken).ConfigureAwait(false);
        await process.StaysAsync($"plugin.{service}/{method} was opened").ConfigureAwait(false);
        if (end.IsCompleted && await end.ConfigureAwait(false) is not StatusCode.Unimplemented and var status)
            throw process.Failure($"plugin.{service}/{method} should stay open or end with UNIMPLEMENTED, and ended with {status}.");
        await ending.CancelAsync().ConfigureAwait(false);
        await end.ConfigureAwait(false);
    }

    private static async Task<StatusCode> EndAsync(IAsyncStreamReader<byte[]> responses, CancellationToken cancellationToken)
    {
        try
        {
            while (await responses.MoveNext(cancellationToken).ConfigureAwait(false))
            {
            }

            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
        catch (OperationCanceledException)
        {
            return StatusCode.Cancelled;
        }
    }

    private sealed class OpenStream : IDisposable
    {
        private readonly IDisposable _call;

        public OpenStream(AsyncServerStreamingCall<byte[]> call) => (_call, Responses) = (call, call.ResponseStream);

        public OpenStream(AsyncDuplexStreamingCall<byte[], byte[]> call) => (_call, Responses) = (call, call.ResponseStream);

        public IAsyncStreamReader<byte[]> Responses { get; }

        public void Dispose() => _call.Dispose();
    }
}
