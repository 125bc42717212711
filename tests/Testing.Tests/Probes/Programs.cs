namespace Plugwire.Testing.Tests.Probes;

/// <summary>Plugins that run as processes: the build has put them beside the tests, each in a directory of its own.</summary>
internal static class Programs
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static PluginBinary Faulty { get; } = PluginBinary.FromPath(Path.Combine("..", "..", "FaultyPlugin", Configuration, "FaultyPlugin.dll"));
}
