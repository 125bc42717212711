using Plugwire.Packaging.Tests;

namespace Plugwire.Native.Tests;

/// <summary>The Translator in both its forms: as the build has put it out, and published as a native program, which is done once for all tests.</summary>
public sealed class TranslatorPrograms : IAsyncLifetime
{
    private static readonly string Artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("plugwire-native-");

    public static string Portable { get; } = Path.Combine(Artifacts, "Translator", $"{Configuration}_net10.0", "translator");

    /// <summary>What links native programs on this machine: clang, or else gcc; null if neither is there.</summary>
    public static string? Linker { get; } = Array.Find(["clang", "gcc"], IsOnPath);

    public string NativeDirectory => Path.Combine(_directory.FullName, "out");

    public string Native => Path.Combine(NativeDirectory, "translator");

    public async ValueTask InitializeAsync()
    {
        if (Linker is null)
            return;

        // Beside the build that runs these tests: nothing of it is touched, and a warning fails this one.
        await DotnetCommand.RunAsync(
            Path.GetFullPath(Path.Combine(Artifacts, "..", "..")),
            new Dictionary<string, string>(),
            TestContext.Current.CancellationToken,
            "publish", "ExamplePlugins/Translator/Translator.csproj", "--configuration", "Release", "--framework", "net9.0", "--output", NativeDirectory,
            "-nologo", "-verbosity:quiet", "-warnaserror", "-p:NativePlugin=true", $"-p:CppCompilerAndLinker={Linker}",
            $"-p:ArtifactsPath={Path.Combine(_directory.FullName, "artifacts")}", "-p:RunAnalyzers=false");
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));
}
