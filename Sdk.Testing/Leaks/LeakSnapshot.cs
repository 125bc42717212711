namespace Plugwire.Testing.Leaks;

/// <summary>What there was at one moment, to compare a later one with.</summary>
internal sealed class LeakSnapshot
{
    private readonly IReadOnlyList<string> _directories;
    private readonly HashSet<int> _children;
    private readonly HashSet<string> _descriptors;
    private readonly HashSet<string> _files;
    private readonly HashSet<object> _living;

    private LeakSnapshot(IReadOnlyList<string> directories)
    {
        _directories = directories;
        _children = [.. ProcessChildren.OfThisProcess().Select(child => child.Id)];
        _descriptors = [.. Descriptors().Select(Name)];
        _files = [.. Files()];
        _living = [.. Living.All.Select(living => living.Instance)];
    }

    public static LeakSnapshot Take(IReadOnlyList<string> directories) => new(directories);

    /// <summary>A clause for each thing that has come since and is there.</summary>
    public IReadOnlyList<string> Leaks() =>
    [
        .. Living.All.Where(living => !_living.Contains(living.Instance)).Select(living => $"{living.Description} has not been disposed of; it was made here:{Environment.NewLine}{CallOrigin.Describe(living.Origin)}"),
        .. ProcessChildren.OfThisProcess().Where(child => !_children.Contains(child.Id)).Select(child => $"the child process {child.Id} ({child.Name}) runs."),
        .. Files().Where(file => !_files.Contains(file)).Select(file => $"'{file}' is left on disk."),
        .. Descriptors().Where(descriptor => !_descriptors.Contains(Name(descriptor))).Select(descriptor => $"{descriptor.Target} is open (descriptor {descriptor.Number})."),
    ];

    // The runtime opens others whenever it likes: assemblies, its own event queues, the source of random numbers.
    private static IEnumerable<(string Number, string Target)> Descriptors() => OperatingSystem.IsLinux()
        ? OpenFiles.Descriptors().Where(descriptor =>
            descriptor.Target.StartsWith("socket:", StringComparison.Ordinal)
            || descriptor.Target.StartsWith("pipe:", StringComparison.Ordinal)
            || (descriptor.Target.StartsWith('/') && File.Exists(descriptor.Target) && !descriptor.Target.StartsWith("/proc/", StringComparison.Ordinal)
                && !descriptor.Target.StartsWith("/dev/", StringComparison.Ordinal) && Path.GetExtension(descriptor.Target) is not (".dll" or ".so" or ".pdb" or ".json")))
        : [];

    private static string Name((string Number, string Target) descriptor) => descriptor.Number + descriptor.Target;

    private IEnumerable<string> Files() =>
        _directories.Where(Directory.Exists).SelectMany(directory => Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories));
}
