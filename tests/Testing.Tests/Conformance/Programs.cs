using System.Diagnostics;

namespace Plugwire.Testing.Tests.Conformance;

/// <summary>The programs that these tests start: built beside the tests, each in a directory of its own.</summary>
internal static class Programs
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static readonly Lazy<bool> PythonHasGrpc = new(static () =>
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import grpc"]) { RedirectStandardError = true })!;
        return process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0;
    });

    /// <summary>The system's own, for which the distribution packages grpcio.</summary>
    public const string Python = "/usr/bin/python3";

    public static string ConformancePlugin { get; } = Of("ConformancePlugin", "ConformancePlugin");

    public static string ConformanceHost { get; } = Of("ConformanceHost", "ConformanceHost");

    public static string ConformanceCommand { get; } = Of("Plugwire.Sdk.Testing.Command", "Plugwire.Sdk.Testing.Command");

    public static string HealthScript { get; } = Path.Combine(AppContext.BaseDirectory, "ScriptPlugins", "health.py");

    /// <summary>A host in ten lines of Python, as the documentation has it.</summary>
    public static string HostScript { get; } = Path.Combine(AppContext.BaseDirectory, "ScriptHosts", "host.py");

    public static bool CanRunPythonWithGrpc => PythonHasGrpc.Value;

    private static string Of(string project, string program) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Configuration, program));
}
