namespace Plugwire.Promises.Staging;

/// <summary>Where the build has put the programs that are started: beside this one, each in a directory of its own.</summary>
internal static class Programs
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>A plugin made with Plugwire that misbehaves as it is told.</summary>
    public static string Faulty { get; } = Of("FaultyPlugin", "FaultyPlugin");

    /// <summary>A host to be killed.</summary>
    public static string Host { get; } = Of("HostProgram", "HostProgram");

    /// <summary>The tests of the host, among them the model of its supervisor.</summary>
    public static string HostTests { get; } = Of("Plugwire.PluginHost.Tests", "Plugwire.PluginHost.Tests");

    /// <summary>The tests with real processes.</summary>
    public static string EndToEndTests { get; } = Of("Plugwire.EndToEnd.Tests", "Plugwire.EndToEnd.Tests");

    /// <summary>The directory of Sdk.sln; null when this program lies elsewhere.</summary>
    public static string? Repository { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..")) is var root && File.Exists(Path.Combine(root, "Sdk.sln")) ? root : null;

    private static string Of(string project, string program) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Configuration, program));
}
