using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports.Memory;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>A client and a server of the test's contract. Its end checks that our side logged no error that the test did not expect.</summary>
internal sealed class EchoLink : IAsyncDisposable
{
    private readonly SocketDirectory? _directory;

    private EchoLink(IEcho service, IClientSide client, IServerSide server, TimeProvider? timeProvider, FakeLogCollector logs, SocketDirectory? directory)
    {
        Service = service as ScriptedEcho ?? new ScriptedEcho();
        ClientSide = client;
        ServerSide = server;
        Client = Bound.Client<IEcho>(client.Invoker, timeProvider);
        Classic = new Echo.EchoClient(client.Invoker);
        Logs = logs;
        _directory = directory;
    }

    /// <summary>What is served, unless the test has given something else.</summary>
    public ScriptedEcho Service { get; }

    /// <summary>The contract.</summary>
    public IEcho Client { get; }

    /// <summary>The same service by its generated stub.</summary>
    public Echo.EchoClient Classic { get; }

    public CallInvoker Invoker => ClientSide.Invoker;

    public IClientSide ClientSide { get; }

    public IServerSide ServerSide { get; }

    /// <summary>What our side logged.</summary>
    public FakeLogCollector Logs { get; }

    /// <summary>Set by tests in which an error is what is to be logged.</summary>
    public bool ExpectsErrors { get; set; }

    /// <param name="link">Who calls whom.</param>
    /// <param name="timeProvider">The contract client's clock.</param>
    /// <param name="service">What is served; null for a scripted one.</param>
    /// <param name="wireClock">The clock of our own wire's sides.</param>
    public static async Task<EchoLink> StartAsync(Link link = Link.Memory, TimeProvider? timeProvider = null, IEcho? service = null, TimeProvider? wireClock = null)
    {
        service ??= new ScriptedEcho();
        var logs = new FakeLogCollector();
        var logger = new FakeLogger(logs);
        if (link == Link.Memory)
        {
            var (near, far) = MemoryTransport.CreatePair();
            var memoryServer = new OurServer(service, logger, wireClock, far);
            return new EchoLink(service, await OurClient.ConnectAsync(near, logger, wireClock), memoryServer, timeProvider, logs, directory: null);
        }

        var directory = new SocketDirectory();
        var path = directory.Of("s");
        IServerSide server = link == Link.OursToKestrel
            ? await KestrelServer.StartAsync(service, path)
            : new OurServer(service, logger, wireClock, UnixSocketListener.Bind(path));
        IClientSide client = link == Link.GrpcNetToOurs
            ? new GrpcNetClient(path)
            : await OurClient.ConnectAsync(await UnixSocketConnector.ConnectAsync(path, CancellationToken.None).Within(), logger, wireClock);
        return new EchoLink(service, client, server, timeProvider, logs, directory);
    }

    /// <summary>Ends when all that either side sent before has been received: a fence.</summary>
    public async Task GoRoundAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await foreach (var _ in Bound.Client<IEcho>(Invoker).PipeAsync(Requests.Nothing()))
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ClientSide.DisposeAsync().Within();
        await ServerSide.DisposeAsync().Within();
        _directory?.Dispose();
        if (!ExpectsErrors)
            Assert.DoesNotContain(Logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }
}
