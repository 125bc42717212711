namespace Plugwire.Testing.Leaks;

/// <summary>What there was at one moment, to compare a later one with.</summary>
internal sealed class LeakSnapshot
{
    private readonly IReadOnlyList<string> _directories;
    private readonly HashSet<int> _children;
    private readonly HashSet<OpenDescriptor> _descriptors;
    private readonly HashSet<string> _files;

    private LeakSnapshot(IReadOnlyList<string> directories)
    {
        _directories = directories;
        _children = [.. ProcessChildren.OfThisProcess()];
        _descriptors = [.. OpenFiles.Descriptors()];
        _files = [.. Files()];
    }

    public static LeakSnapshot Take(IReadOnlyList<string> directories) => new(directories);

    /// <summary>A clause for each thing that has come since and is there.</summary>
    public IEnumerable<string> Leaks() =>
    [
        .. ProcessChildren.OfThisProcess().Where(child => !_children.Contains(child)).Select(child => $"the child process {child} ({ProcessChildren.Describe(child)}) runs."),
        .. Files().Where(file => !_files.Contains(file)).Select(file => $"'{file}' is left on disk."),
        .. OpenFiles.Descriptors().Where(descriptor => descriptor.MayLeak && !_descriptors.Contains(descriptor)).Select(descriptor => $"{descriptor.Target} is open (descriptor {descriptor.Number})."),
    ];

    private IEnumerable<string> Files() => _directories.Where(Directory.Exists).SelectMany(LaunchLeftovers.Entries);
}
