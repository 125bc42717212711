using System.IO.Compression;
using Plugwire.Packaging.Tests;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace Plugwire.Packaging.Tests;

/// <summary>The packages as they would be published, in a fresh directory: packed once for all tests, beside the build that runs them.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    public static readonly string[] Packages = ["Plugwire.Wire", "Plugwire.Contracts", "Plugwire.Sdk", "Plugwire.PluginHost", "Plugwire.Sdk.Testing", "Plugwire.Sdk.Testing.Xunit"];

    // Wire and contracts last: packing the others has built them already.
    private static readonly string[] Projects =
    [
        "Sdk/Plugin/Plugwire.Sdk.csproj",
        "PluginHost/Plugwire.PluginHost.csproj",
        "Sdk.Testing/Xunit/Plugwire.Sdk.Testing.Xunit.csproj",
        "Sdk.Testing/Plugwire.Sdk.Testing.csproj",
        "Sdk/Wire/Plugwire.Wire.csproj",
        "Sdk/Contracts/Plugwire.Contracts.csproj",
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("plugwire-packages-");

    /// <summary>A version that nobody has in a cache.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    public string Feed => Path.Combine(_directory.FullName, "feed");

    /// <summary>A fresh directory of a test, gone with the feed.</summary>
    public string CreateDirectory(string name) => _directory.CreateSubdirectory(name).FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var project in Projects)
        {
            await DotnetCommand.RunAsync(
                FindRoot(),
                new Dictionary<string, string>(),
                TestContext.Current.CancellationToken,
                "pack", project, "--configuration", "Release", "--output", Feed, "-nologo", "-verbosity:quiet",
                $"-p:Version={Version}", $"-p:ArtifactsPath={Path.Combine(_directory.FullName, "artifacts")}", "-p:RunAnalyzers=false");
        }
    }

    public ZipArchive Open(string package, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.{extension}"));

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Sdk.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No directory above '{AppContext.BaseDirectory}' holds Sdk.sln: the tests pack the sources they were built from.");
    }
}
