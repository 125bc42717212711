using Plugwire.TestPlugins.Shouting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

public sealed class PluginBinaryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_ByItsPath_IsStarted()
    {
        await using var harness = await PluginHarness.StartAsync(PluginBinary.FromPath("ShoutingPlugin.dll"), cancellationToken: Token).Within();

        Assert.Equal("a!", (await harness.GetContract<IEcho>().UnaryAsync(PluginHarnessTests.Of("a"), cancellationToken: Token)).Value);
        Assert.NotEqual(Environment.ProcessId, harness.Plugin.ProcessId);
    }

    [Fact]
    public void Program_OfAPluginsClass_LiesBesideTheTest() =>
        Assert.Equal(AppContext.BaseDirectory, Path.GetDirectoryName(PluginBinary.Of<ShoutingPlugin>().Path) + Path.DirectorySeparatorChar);

    [Fact]
    public async Task Project_IsBuiltOnceForAll()
    {
        const string Project = "Probe.csproj";
        using var directory = new ProjectDirectory(Project, """
            <Project>
              <Target Name="Build">
                <Exec Command="echo built &gt;&gt; &quot;$(MSBuildProjectDirectory)/builds&quot;" />
              </Target>
              <PropertyGroup><TargetPath>$(MSBuildProjectFullPath)</TargetPath></PropertyGroup>
            </Project>
            """);

        var both = await Task.WhenAll(
            PluginBinary.FromProjectAsync(directory.File(Project), cancellationToken: Token), PluginBinary.FromProjectAsync(directory.File(Project), cancellationToken: Token)).Within();

        Assert.All(both, binary => Assert.Equal(directory.File(Project), binary.Path));
        Assert.Single(await File.ReadAllLinesAsync(directory.File("builds"), Token));
    }

    [Fact]
    public async Task Project_ThatDoesNotBuild_FailsWithWhatTheBuildSaid()
    {
        const string Project = "Broken.csproj";
        using var directory = new ProjectDirectory(Project, """<Project><Target Name="Build"><Error Text="no such luck" /></Target></Project>""");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => PluginBinary.FromProjectAsync(directory.File(Project), cancellationToken: Token).Within());

        Assert.Contains("no such luck", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Project, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_IsNotThere_IsRefusedAtTheDoor()
    {
        Assert.Contains("absent", Assert.Throws<FileNotFoundException>(() => PluginBinary.FromPath("absent")).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => PluginBinary.FromProjectAsync("absent.csproj", cancellationToken: Token));

        // Started as a plugin, it would run these tests.
        Assert.Contains("lies in the test's own program", Assert.Throws<FileNotFoundException>(PluginBinary.Of<InTheTests>).Message, StringComparison.Ordinal);
    }

    private sealed class InTheTests : IPlugin
    {
        public void Configure(IPluginBuilder plugin)
        {
        }
    }

    private sealed class ProjectDirectory : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("pwt-project-").FullName;

        public ProjectDirectory(string name, string text) => System.IO.File.WriteAllText(File(name), text);

        public string File(string name) => Path.Combine(_path, name);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
