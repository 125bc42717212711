namespace Plugwire.EndToEnd.Tests.Processes;

/// <summary>Where the build has put the programs that the tests start: beside the tests, each in a directory of its own.</summary>
public static class TestPrograms
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string Faulty { get; } = Of("FaultyPlugin", "FaultyPlugin");

    public static string Console { get; } = Of("ConsolePlugin", "ConsolePlugin");

    public static string Callback { get; } = Of("CallbackPlugin", "CallbackPlugin");

    public static string Contract { get; } = Of("ContractPlugin", "ContractPlugin");

    public static string Host { get; } = Of("HostProgram", "HostProgram");

    public static string Inspect { get; } = Of("Inspect", "inspect");

    /// <summary>A script of TestPlugins/ScriptPlugins.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "ScriptPlugins", name);

    /// <summary>Whether a program of that name is on the search path.</summary>
    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private static string Of(string project, string program) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Configuration, program));
}
