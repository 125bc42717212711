using Plugwire.Hosting.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Leaks;

/// <summary>What a plugin that has ended in order has left in its launch directory. A host of ours removes it without a word, as it must; others do not, and a test should hear of it.</summary>
internal static class LaunchLeftovers
{
    /// <summary>A clause for each file, socket and directory.</summary>
    /// <param name="environment">The plugin's.</param>
    public static IReadOnlyList<string> In(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(LaunchVariables.SocketDirectory, out var directory) && Directory.Exists(directory)
            ? [.. Entries(directory)
                .Where(entry => Path.GetFileName(entry) != LaunchDirectory.SettingsFileName)
                .Select(entry => $"the plugin has left '{entry}' in its launch directory; the host removed it.")]
            : [];

    /// <summary>All below a directory that may be looked into.</summary>
    public static IEnumerable<string> Entries(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
}
