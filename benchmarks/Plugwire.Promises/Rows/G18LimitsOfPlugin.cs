using System.Net.Sockets;
using Grpc.Core;
using Plugwire.Promises.Attacking;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A client sends a plugin messages over its limit, which is 16 MiB.</summary>
internal sealed class G18LimitsOfPlugin : Promise
{
    private const double Mebibyte = 1024 * 1024;

    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    private readonly Figure _memory = Figure.AtMost("growth of the plugin's resident memory", "MiB", 17, "the limit, and 1 MiB", "the message is unpacked in pieces up to the limit, and the runtime takes some room beside them");
    private readonly Figure _open = Figure.None("connections on which the rest of such a message is awaited");

    public override string Id => "G18";

    public override string Name => "limits of messages hold before there is memory for them, in a plugin";

    public override Amount Runs => new(2, 20, 100);

    public override IReadOnlyList<Figure> Figures => [_memory, _open];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var attack = Attack.Messages[run % Attack.Messages.Count];
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        await CallLoop.TimeAsync(client, 200, cancellationToken);

        // What the first packed message costs anybody: the library that unpacks it, and its code.
        await client.UnaryAsync(new Note { Text = new string(' ', 1024) }, Gzip, cancellationToken: cancellationToken);
        var memory = ProcessFiles.ResidentBytes(plugin.ProcessId);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(TimeSpan.FromMilliseconds(500));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Directory.EnumerateFiles(stage.Root, "plugin*", SearchOption.AllDirectories).Single()), cancellationToken);

        var answer = await attack.SendAndReadAsync(socket, over.Token);

        _memory.Add(Math.Max(0, ProcessFiles.ResidentBytes(plugin.ProcessId) - memory) / Mebibyte, attack.Name);
        _open.AddEach(answer ? [] : [attack.Name]);
        await client.UnaryAsync(new Note(), cancellationToken: cancellationToken);
    }
}
