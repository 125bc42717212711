using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Plugwire.Packaging.Tests;

/// <summary>A plugin and a host that know us by our packages alone, built and run as a user would.</summary>
public sealed partial class ConsumerTests(PackedFeed feed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PluginAndHost_FromThePackages_BuildRunAndTalk()
    {
        var directory = feed.CreateDirectory("consumer");
        CopySources(directory);
        WriteVersions(directory);
        await WriteSourcesOfPackagesAsync(directory);
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(directory, "packages") };

        foreach (var project in new[] { "Plugin", "Host" })
            await DotnetCommand.RunAsync(directory, environment, Token, "build", $"{project}/{project}.csproj", "--output", $"out/{project}", "-nologo", "-verbosity:quiet");
        var printed = await DotnetCommand.RunAsync(directory, environment, Token, "out/Host/Host.dll", Path.Combine(directory, "out/Plugin/Plugin.dll"));

        var match = Greeting().Match(printed.Trim());
        Assert.True(match.Success, printed);
        Assert.NotEqual(match.Groups["plugin"].Value, match.Groups["host"].Value);
    }

    private static void CopySources(string directory)
    {
        var sources = Path.Combine(AppContext.BaseDirectory, "Consumer");
        foreach (var file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(directory, Path.GetRelativePath(sources, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void WriteVersions(string directory)
    {
        var grpc = typeof(ConsumerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "GrpcVersion").Value;
        new XDocument(new XElement("Project", new XElement("PropertyGroup",
            new XElement("PlugwireVersion", feed.Version), new XElement("GrpcVersion", grpc)))).Save(Path.Combine(directory, "Directory.Build.props"));
    }

    // Ours from the feed; everybody else's from what our own build has restored, which is all that a user gets too.
    private async Task WriteSourcesOfPackagesAsync(string directory)
    {
        var listed = await DotnetCommand.RunAsync(directory, new Dictionary<string, string>(), Token, "nuget", "locals", "global-packages", "--list");
        var restored = listed[(listed.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        new XDocument(new XElement("configuration", new XElement("packageSources",
            new XElement("clear"),
            new XElement("add", new XAttribute("key", "ours"), new XAttribute("value", feed.Feed)),
            new XElement("add", new XAttribute("key", "restored"), new XAttribute("value", restored))))).Save(Path.Combine(directory, "nuget.config"));
    }

    [GeneratedRegex("^Hello, consumer, from process (?<plugin>[0-9]+), to process (?<host>[0-9]+)$")]
    private static partial Regex Greeting();
}
