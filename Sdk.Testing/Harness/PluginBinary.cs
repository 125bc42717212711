using System.Reflection;
using Plugwire.Testing.Harness;

namespace Plugwire.Testing;

/// <summary>A plugin's program, as a harness starts it in a process of its own.</summary>
public sealed class PluginBinary
{
    private PluginBinary(string path) => Path = path;

    /// <summary>The program, as <see cref="Hosting.PluginOptions.FileName"/> takes it: an absolute path.</summary>
    public string Path { get; }

    /// <summary>A program by its path: an executable, a <c>.dll</c>, a <c>.py</c> or a <c>.js</c>.</summary>
    /// <param name="path">Where it is not absolute, it begins in the directory of the test's program.</param>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static PluginBinary FromPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var absolute = System.IO.Path.GetFullPath(path, AppContext.BaseDirectory);
        return File.Exists(absolute)
            ? new PluginBinary(absolute)
            : throw new FileNotFoundException($"There is no plugin program '{absolute}'.", absolute);
    }

    /// <summary>
    /// The program whose assembly has the plugin's class, beside the test's own program: the build puts it there when the test's project references the plugin's.
    /// </summary>
    /// <typeparam name="TPlugin">The plugin's class.</typeparam>
    /// <exception cref="FileNotFoundException">There is none: the class lies in a library or in the test's own program, or the program was not built beside the test.</exception>
    public static PluginBinary Of<TPlugin>()
        where TPlugin : IPlugin
    {
        var name = typeof(TPlugin).Assembly.GetName().Name!;
        var library = System.IO.Path.Combine(AppContext.BaseDirectory, name + ".dll");
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? name + ".exe" : name);
        if (typeof(TPlugin).Assembly == Assembly.GetEntryAssembly())
        {
            throw new FileNotFoundException(
                $"The plugin {typeof(TPlugin)} cannot run as a process: its class lies in the test's own program, which is no plugin. Move it to a project of OutputType Exe of its own, which the test's project references.",
                program);
        }

        if (!File.Exists(library) || !File.Exists(System.IO.Path.ChangeExtension(library, ".runtimeconfig.json")))
        {
            throw new FileNotFoundException(
                $"The plugin {typeof(TPlugin)} cannot run as a process: there is no program '{program}' with a '{name}.runtimeconfig.json' beside it. " +
                "Its class must lie in a project of OutputType Exe that the test's project references; or name the program by PluginBinary.FromPath or FromProjectAsync.",
                program);
        }

        return new PluginBinary(File.Exists(program) ? program : library);
    }

    /// <summary>Builds a project with the dotnet command, once for all who ask in this process, and takes its program.</summary>
    /// <param name="projectFile">The <c>.csproj</c>. Where it is not absolute, it begins in the directory of the test's program.</param>
    /// <param name="configuration">The configuration to build.</param>
    /// <param name="cancellationToken">Ends the waiting; a build that others wait for as well goes on.</param>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such project.</exception>
    /// <exception cref="ExpectationException">It cannot be built; says what the build said.</exception>
    public static async Task<PluginBinary> FromProjectAsync(string projectFile, string configuration = "Debug", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(projectFile);
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        var absolute = System.IO.Path.GetFullPath(projectFile, AppContext.BaseDirectory);
        if (!File.Exists(absolute))
            throw new FileNotFoundException($"There is no project '{absolute}'.", absolute);

        return new PluginBinary(await ProjectBuild.TargetOfAsync(absolute, configuration).WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
