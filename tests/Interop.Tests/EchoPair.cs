using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>A client and a server of two makes on a Unix socket. Its end checks that our side logged no error.</summary>
internal sealed class EchoPair(ScriptedEcho service, CallInvoker invoker, FakeLogCollector logs, SocketDirectory directory, params IAsyncDisposable[] owned)
    : IAsyncDisposable
{
    public const int MessageLimit = 80 * 1024 * 1024;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public ScriptedEcho Service { get; } = service;

    public CallInvoker Invoker { get; } = invoker;

    public Echo.EchoClient Client { get; } = new(invoker);

    /// <summary>Set by tests in which an error is what is to be logged.</summary>
    public bool ExpectsErrors { get; set; }

    public async ValueTask DisposeAsync()
    {
        foreach (var item in owned)
            await item.DisposeAsync().AsTask().WaitAsync(Limit);
        directory.Dispose();
        if (!ExpectsErrors)
            Assert.DoesNotContain(logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }
}
