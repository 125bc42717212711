using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin with the umask 0, looked at from before its start to its end.</summary>
internal sealed class G22NoOpenDoor : Promise
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly Figure _open = Figure.None("modes that let others in", "looked at every millisecond, and not at every system call");

    public override string Id => "G22";

    public override string Name => "no moment in which another user could connect";

    public override Amount Runs => new(4, 30, 200);

    public override IReadOnlyList<Figure> Figures => [_open];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = Task.Run(() => WatchAsync(stage.Root, over.Token), CancellationToken.None);

        var plugin = await stage.StartAsync(stage.FaultyAfter("umask 0;"), cancellationToken);
        var socket = Directory.EnumerateFiles(stage.Root, "plugin*", SearchOption.AllDirectories).Single();
        var mode = File.GetUnixFileMode(socket);
        await plugin.StopAsync(cancellationToken);

        await over.CancelAsync();
        _open.AddEach([.. await watch, .. (mode & Others) == 0 ? (string[])[] : [$"the socket has {mode}"]]);
    }

    private static async Task<HashSet<string>> WatchAsync(string root, CancellationToken over)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        while (!over.IsCancellationRequested)
        {
            foreach (var directory in Directory.EnumerateDirectories(root))
            {
                if (ModeOf(directory) is { } mode && (mode & Others) != 0)
                    open.Add($"a launch directory has {mode}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return open;
    }

    private static UnixFileMode? ModeOf(string directory)
    {
        try
        {
            return File.GetUnixFileMode(directory);
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return null;
        }
    }
}
