using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>The sockets of host and plugin, while calls go on.</summary>
internal sealed class G23NoNetwork : Promise
{
    private readonly Figure _sockets = Figure.None("sockets of TCP or UDP, or with an abstract name");

    public override string Id => "G23";

    public override string Name => "nothing on the network";

    public override Amount Runs => new(2, 10, 50);

    public override IReadOnlyList<Figure> Figures => [_sockets];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var held = await CallLoop.HoldAsync(plugin, 8, cancellationToken);
        await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), cancellationToken: cancellationToken);

        HashSet<string> ours = [.. Inodes(Environment.ProcessId), .. Inodes(plugin.ProcessId)];
        if (ours.Count == 0)
            throw new InvalidOperationException("There is no socket at all, though calls go on.");
        string[] found =
        [
            .. new[] { "tcp", "tcp6", "udp", "udp6" }.SelectMany(protocol => Table(protocol).Where(fields => fields.Length > 9 && ours.Contains(fields[9])).Select(fields => $"{protocol} {fields[1]}")),
            .. Table("unix").Where(fields => fields.Length > 7 && ours.Contains(fields[6]) && fields[7].StartsWith('@')).Select(fields => fields[7]),
        ];
        _sockets.AddEach(found);

        await plugin.StopAsync(new CancellationToken(canceled: true));
        await Task.WhenAll(held);
    }

    private static IEnumerable<string> Inodes(int id) => ProcessFiles.Descriptors(id)
        .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
        .Select(target => target["socket:[".Length..^1]);

    private static IEnumerable<string[]> Table(string name) => File.ReadLines("/proc/net/" + name).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
