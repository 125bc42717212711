using System.Text;

namespace Plugwire.EndToEnd.Tests.Processes;

/// <summary>
/// A directory of one test's own, in which all its plugins have their launch directories. What a test leaves behind is seen by it: a file in it, or a process
/// that has its path in the environment.
/// </summary>
public sealed class LaunchRoot
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Short, as the paths of sockets in it are.</summary>
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine("/tmp", "e2e-" + Guid.NewGuid().ToString("N")[..12]), OwnerOnly).FullName;

    public void AssertNothingIsLeft()
    {
        Assert.Empty(Processes().Select(process => $"{process.Id} {process.CommandLine}"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories));
    }

    /// <summary>Looks, and takes away what should not be there.</summary>
    public void Remove()
    {
        try
        {
            AssertNothingIsLeft();
        }
        finally
        {
            foreach (var (id, _) in Processes())
                Signals.TrySend(id, Signals.Kill);
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>Those that have the path in their environment.</summary>
    public IReadOnlyList<(int Id, string CommandLine)> Processes()
    {
        var found = new List<(int, string)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(directory), out var id) && id != Environment.ProcessId && Read(directory, "environ").Contains(Path, StringComparison.Ordinal))
                found.Add((id, Read(directory, "cmdline").Replace('\0', ' ')));
        }

        return found;
    }

    // Empty for one that has ended meanwhile.
    private static string Read(string directory, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(System.IO.Path.Combine(directory, file)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
