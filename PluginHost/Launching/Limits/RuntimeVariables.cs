using System.Globalization;

namespace Plugwire.Hosting.Launching.Limits;

/// <summary>What the .NET runtime of a plugin is told by its environment. Other programs do not look at it.</summary>
internal static class RuntimeVariables
{
    /// <summary>In hexadecimal digits, as the runtime reads its numbers.</summary>
    public const string HeapLimit = "DOTNET_GCHeapHardLimit";

    /// <summary>Zero closes the sockets by which debuggers, profilers and dump tools attach to a process.</summary>
    public const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>Adds them to the launch's variables, which win over the plugin's own.</summary>
    public static void AddTo(IDictionary<string, string> variables, PluginLimitOptions limits, bool hardened, IDictionary<string, string?> own)
    {
        if (limits.ManagedHeap is { } bytes)
            variables[HeapLimit] = bytes.ToString("X", CultureInfo.InvariantCulture);

        // Whoever hardens all plugins and debugs one says so in its environment.
        if (hardened && !own.ContainsKey(Diagnostics))
            variables[Diagnostics] = "0";
    }
}
