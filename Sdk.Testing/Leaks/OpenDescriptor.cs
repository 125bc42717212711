using System.Globalization;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Litter;

namespace Plugwire.Testing.Leaks;

/// <summary>Something that this process has open.</summary>
/// <param name="Number">By which it has it.</param>
/// <param name="Target">A path, or a kind and a number, such as <c>socket:[4711]</c>.</param>
internal readonly record struct OpenDescriptor(string Number, string Target)
{
    private static readonly string[] RuntimesDirectories = ["/proc/", "/dev/", "/sys/", "/memfd:"];
    private static readonly string[] LoadedFiles = [".dll", ".so", ".pdb"];

    /// <summary>Whether it can be some code's to close. The runtime opens others whenever it likes: assemblies, its own event queues, what it reads of the system.</summary>
    public bool MayLeak =>
        Target.StartsWith("socket:", StringComparison.Ordinal)
        || (Target.StartsWith("pipe:", StringComparison.Ordinal) && !IsGuards)
        || Target == "anon_inode:inotify"
        || (Target.StartsWith('/') && !StartsWithAny(RuntimesDirectories) && !LoadedFiles.Contains(Path.GetExtension(Target)) && !IsLaunchLock);

    // The guard of all plugins ends with this process, by the end of this pipe.
    private bool IsGuards => PluginGuard.Shared.Process is { } guard && Number == guard.PipeDescriptor.ToString(CultureInfo.InvariantCulture);

    // A host holds it as long as the plugin is there, whose own connections and pipes are seen.
    private bool IsLaunchLock => File.Exists(Path.Combine(Target, DeadLaunches.MarkName));

    private bool StartsWithAny(string[] beginnings)
    {
        foreach (var beginning in beginnings)
        {
            if (Target.StartsWith(beginning, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
