using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Programs;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// The program and the arguments that a plugin's file name stands for: an executable runs itself, <c>x.dll</c> is run by dotnet, <c>x.py</c> by python3 and <c>x.js</c> by
/// node, the last two by what their first line names where it is <c>#!</c> and the file is executable.
/// </summary>
/// <param name="FileName">An absolute path.</param>
/// <param name="Arguments">Without the program's own name.</param>
internal sealed record PluginCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Where the plugin's own program lies, when that is not where the options name it; null when it is.</summary>
    public string? ProgramDirectory { get; init; }

    /// <param name="fileName">
    /// A path, relative to <paramref name="baseDirectory"/> when it is not absolute; or a name without a separator, which is looked for on the search path
    /// unless it ends in <c>.dll</c>, <c>.py</c> or <c>.js</c>: such files are not found there, so it is a path as well.
    /// </param>
    /// <param name="arguments">The plugin's own.</param>
    /// <param name="baseDirectory">An absolute path.</param>
    /// <param name="attempt">Who fails.</param>
    /// <param name="variable">The host's environment; null for the real one.</param>
    /// <exception cref="PluginStartException">There is no such program, it is no file, or what runs it is missing.</exception>
    public static PluginCommand Resolve(
        string fileName, IReadOnlyList<string> arguments, string baseDirectory, PluginStartAttempt attempt, Func<string, string?>? variable = null)
    {
        if (string.IsNullOrWhiteSpace(fileName) || fileName.Contains('\0'))
        {
            throw attempt.Fail(
                PluginStartStage.Resolve, PluginStartReason.InvalidOptions, "the plugin's file name is empty or has a NUL character in it.", "the path or the name of a program.");
        }

        var search = new ProgramSearch(variable ?? Environment.GetEnvironmentVariable);
        var runner = RunnerOf(fileName);
        if (IsSearchedFor(fileName))
            return new PluginCommand(search.Find(fileName) ?? throw NotOnPath(fileName, baseDirectory, search, attempt), arguments);

        var path = Path.GetFullPath(fileName, baseDirectory);
        if (runner == Runner.Itself)
            return new PluginCommand(Executable(path, attempt), arguments);

        if (ProgramFile.TryRefuseAsFile(path, PluginStartStage.Resolve, attempt) is { } refusal)
            throw refusal;
        return runner != Runner.Dotnet && RunsItself(path)
            ? new PluginCommand(path, arguments)
            : new PluginCommand(Find(runner, path, search, attempt), [path, .. arguments]);
    }

    /// <summary>Whether a file name stands for a program of the search path, which is nobody's plugin directory.</summary>
    public static bool IsSearchedFor(string fileName) => RunnerOf(fileName) == Runner.Itself && !IsPath(fileName);

    private static string Executable(string path, PluginStartAttempt attempt)
    {
        if (OperatingSystem.IsWindows() && !Path.HasExtension(path) && !File.Exists(path) && File.Exists(path + ".exe"))
            return path + ".exe";
        if (ProgramFile.TryRefuse(path, PluginStartStage.Resolve, attempt) is { } refusal)
            throw refusal;

        return path;
    }

    private static string Find(Runner runner, string path, ProgramSearch search, PluginStartAttempt attempt) => runner switch
    {
        Runner.Dotnet => search.FindDotnet() ?? throw RuntimeMissing(
            path, "dotnet", "install the .NET runtime, or set DOTNET_ROOT to where it is", attempt),
        Runner.Python => search.Find("python3") ?? (OperatingSystem.IsWindows() ? search.Find("python") : null) ?? throw RuntimeMissing(
            path, "python3", "install Python 3, or make the script executable and give it a '#!' line", attempt),
        _ => search.Find("node") ?? throw RuntimeMissing(
            path, "node", "install Node.js, or make the script executable and give it a '#!' line", attempt),
    };

    private static PluginStartException RuntimeMissing(string path, string program, string advice, PluginStartAttempt attempt) =>
        attempt.Fail(
            PluginStartStage.Resolve, PluginStartReason.RuntimeMissing, $"'{path}' is run by '{program}', and there is no '{program}' on the search path (PATH).",
            advice: $"To run it, {advice}.");

    private static PluginStartException NotOnPath(string name, string baseDirectory, ProgramSearch search, PluginStartAttempt attempt)
    {
        var beside = Path.Combine(baseDirectory, name);
        return attempt.Fail(
            PluginStartStage.Resolve, PluginStartReason.NotFound, $"there is no program '{name}' on the search path (PATH={search.Path}).", "the plugin's program.",
            File.Exists(beside) ? $"There is a file '{beside}': to run it, write './{name}'." : "Install the program, or name it by its path.");
    }

    private static Runner RunnerOf(string fileName) => Path.GetExtension(fileName).ToUpperInvariant() switch
    {
        ".DLL" => Runner.Dotnet,
        ".PY" => Runner.Python,
        ".JS" or ".MJS" or ".CJS" => Runner.Node,
        _ => Runner.Itself,
    };

    private static bool IsPath(string fileName) =>
        fileName.Contains(Path.DirectorySeparatorChar) || fileName.Contains(Path.AltDirectorySeparatorChar) || Path.IsPathRooted(fileName);

    private static bool RunsItself(string path)
    {
        if (OperatingSystem.IsWindows() || !ProgramFile.IsExecutable(path))
            return false;

        try
        {
            return ProgramHeader.Read(path).Format == ProgramFormat.Script;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not to be read by us: then the interpreter will say so in its own words.
            return false;
        }
    }

    private enum Runner
    {
        Itself,
        Dotnet,
        Python,
        Node,
    }
}
