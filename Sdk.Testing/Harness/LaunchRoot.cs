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

    // What was let go of may need a moment to be gone: a socket is closed by another thread.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

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

    /// <summary>Looks at what is left in there, and removes it. Never throws.</summary>
    /// <returns>A clause for each thing.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var left = Describe();
        while (left.Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(LookAgain, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            left = Describe();
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            left.Add($"'{Path}' could not be removed: {failure.Message}");
        }

        return left;
    }

    private List<string> Describe() => [.. LaunchLeftovers.Entries(Path).Select(entry => $"'{entry}' is left on disk."), .. OpenFiles.Below(Path)];
}
