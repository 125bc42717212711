using System.Net.Sockets;
using Plugwire.Promises.Attacking;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A client that means ill connects to a plugin, which its host calls meanwhile and afterwards.</summary>
internal sealed class G20OverloadOfPlugin : Promise
{
    private const double Mebibyte = 1024 * 1024;

    private static readonly Amount Milliseconds = new(500, 2000, 5000);

    private readonly Figure _memory = Figure.AtMost("growth of the plugin's resident memory", "MiB", 32);
    private readonly Figure _recovery = Figure.Time("first call of the host afterwards", 1000);
    private readonly Figure _processor = Figure.Ratio("processor time of the plugin, for each second of the attack", "s", 1);

    public override string Id => "G20";

    public override string Name => "known overloads of HTTP/2, against a plugin";

    public override Amount Runs => new(9, 27, 90);

    public override IReadOnlyList<Figure> Figures => [_memory, _recovery, _processor];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var attack = Attack.All[run % Attack.All.Count];
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        await CallLoop.TimeAsync(client, 200, cancellationToken);
        var (memory, processor) = (ProcessFiles.ResidentBytes(plugin.ProcessId), ProcessFiles.ProcessorTime(plugin.ProcessId));

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(TimeSpan.FromMilliseconds(Milliseconds.At(stage.Scale)));
        TimeSpan length;
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            var path = Directory.EnumerateFiles(stage.Root, "plugin*", SearchOption.AllDirectories).Single();
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            length = await Waiting.MeasureAsync(() => attack.SendAsync(socket, isServer: false, over.Token));
            _memory.Add(Math.Max(0, ProcessFiles.ResidentBytes(plugin.ProcessId) - memory) / Mebibyte, attack.Name);
        }

        _recovery.Add(await Waiting.MeasureAsync(() => client.UnaryAsync(new Note(), cancellationToken: cancellationToken).ResponseAsync), attack.Name);
        _processor.Add((ProcessFiles.ProcessorTime(plugin.ProcessId) - processor).TotalSeconds / Math.Max(1, length.TotalSeconds), attack.Name);
    }
}
