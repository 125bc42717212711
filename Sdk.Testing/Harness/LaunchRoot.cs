using System.Security.Cryptography;
using Plugwire.Testing.Leaks;

namespace Plugwire.Testing.Harness;

/// <summary>
/// A directory of one harness's own, in which the launch directory is made: what a plugin leaves behind is seen by it, be it a file in there, a socket bound in there, or a process that has it in
/// its environment.
/// </summary>
internal sealed class LaunchRoot
{
    // The path of a socket has little room, and the launch directory and its name are yet to come.
    private const int LongestParent = 30;
    private const string NameAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public LaunchRoot()
    {
        var parent = System.IO.Path.GetTempPath();
        if (parent.Length > LongestParent && !OperatingSystem.IsWindows())
            parent = "/tmp";
        Path = System.IO.Path.Combine(parent, "pwt-" + RandomNumberGenerator.GetString(NameAlphabet, 10));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    /// <summary>A sentence for each thing that is left in there.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            yield return $"'{entry}' is left on disk.";
        foreach (var open in OpenFiles.Below(Path))
            yield return open;
    }

    public void Remove() => Directory.Delete(Path, recursive: true);
}
