namespace Plugwire.Promises.Staging;

/// <summary>What this process holds of the system at one moment, to compare a later one with.</summary>
internal sealed class HostFootprint
{
    // Threads of the pool come and go as it likes. Those that start plugins stay, as a child may depend on the one that started it; how many there are goes by how much is started at once.
    private static readonly string[] SteadyThreads = [".NET TP ", "plugin launcher"];

    private readonly HashSet<int> _children = [.. ProcessFiles.Children()];
    private readonly List<string> _descriptors = Descriptors();
    private readonly List<string> _threads = Threads();
    private readonly long _timers = Timer.ActiveCount;

    private HostFootprint()
    {
    }

    public static HostFootprint Take() => new();

    /// <summary>A clause for each thing that has come since and is there.</summary>
    public IReadOnlyList<string> Growth() =>
    [
        .. ProcessFiles.Children().Where(child => !_children.Contains(child)).Select(child => $"child process {child} ({ProcessFiles.CommandLine(child)})"),
        .. More(_descriptors, Descriptors()).Select(descriptor => $"open descriptor of {descriptor}"),
        .. More(_threads, Threads()).Select(thread => $"thread '{thread}'"),
        .. Timer.ActiveCount > _timers ? (string[])[$"{Timer.ActiveCount - _timers} timers"] : [],
    ];

    /// <summary>The same, once what has been let go of had a moment to be gone.</summary>
    public async Task<IReadOnlyList<string>> GrowthAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        IReadOnlyList<string> growth;
        while ((growth = Growth()).Count > 0 && TimeProvider.System.GetElapsedTime(began) < patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        return growth;
    }

    // By kind: the numbers of sockets and pipes are others each time. Not the one by which the directory is listed, and not what the runtime has loaded meanwhile.
    private static List<string> Descriptors() =>
    [
        .. ProcessFiles.Descriptors(Environment.ProcessId)
            .Select(target => target.Split(":[")[0])
            .Where(target => !target.StartsWith($"/proc/{Environment.ProcessId}/fd", StringComparison.Ordinal) && Path.GetExtension(target) is not (".dll" or ".pdb")),
    ];

    private static List<string> Threads() =>
        [.. Directory.EnumerateDirectories("/proc/self/task").Select(NameOf).OfType<string>().Where(name => !Array.Exists(SteadyThreads, steady => name.StartsWith(steady, StringComparison.Ordinal)))];

    private static string? NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return null;
        }
    }

    private static List<string> More(List<string> before, List<string> now)
    {
        var left = now.ToList();
        foreach (var thing in before)
            left.Remove(thing);
        return left;
    }
}
