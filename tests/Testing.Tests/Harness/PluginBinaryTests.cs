using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Harness;

public sealed class PluginBinaryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_APluginsClass_IsTheProgramBesideTheTest()
    {
        var binary = PluginBinary.Of<SamplePlugin>();

        Assert.Equal(AppContext.BaseDirectory, Path.GetDirectoryName(binary.Path) + Path.DirectorySeparatorChar);
        Assert.Equal("SamplePlugin", Path.GetFileNameWithoutExtension(binary.Path));
        Assert.Equal(binary.Path, binary.ToString());
    }

    [Fact]
    public void Of_AClassInALibrary_IsRefusedWithWhatToDo() =>
        Assert.Contains("OutputType Exe", Assert.Throws<FileNotFoundException>(PluginBinary.Of<IPlugin>).Message, StringComparison.Ordinal);

    [Fact]
    public void FromPath_OfARelativePath_BeginsAtTheTestsProgram() =>
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "SamplePlugin.dll"), PluginBinary.FromPath("SamplePlugin.dll").Path);

    [Theory]
    [InlineData("no such plugin")]
    [InlineData("/no/such/plugin")]
    public void FromPath_OfNoFile_IsRefused(string path) =>
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => PluginBinary.FromPath(path)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Start_OfABinaryByItsPath_RunsIt()
    {
        await using var harness = await PluginHarness.StartAsync(PluginBinary.FromPath("SamplePlugin.dll"), cancellationToken: Token).Within();

        Assert.Equal("SamplePlugin", harness.Plugin.Name);
        Assert.Equal("hello", (await harness.GetContract<ISample>().UnaryAsync(new Note { Text = "hello" }, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task FromProject_OfAPlugin_BuildsItOnceForAll()
    {
        using var project = new TemporaryProject("""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """, "System.Console.WriteLine(\"no plugin\");");

        var binaries = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => PluginBinary.FromProjectAsync(project.File, cancellationToken: Token)));

        Assert.Equal(Path.Combine(project.Directory, "bin", "Debug", "net10.0", "Subject.dll"), binaries[0].Path);
        Assert.Equal(binaries[0].Path, binaries[1].Path);
        Assert.True(File.Exists(binaries[0].Path));
    }

    [Fact]
    public async Task FromProject_ThatDoesNotCompile_SaysWhatTheBuildSaid()
    {
        using var project = new TemporaryProject("""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """, "this is no program");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => PluginBinary.FromProjectAsync(project.File, cancellationToken: Token));

        Assert.Contains(project.File, failure.Message, StringComparison.Ordinal);
        Assert.Contains("error CS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromProject_OfALibrary_IsRefused()
    {
        using var project = new TemporaryProject("""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """, "class Empty;");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => PluginBinary.FromProjectAsync(project.File, cancellationToken: Token));

        Assert.Contains("OutputType Exe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task FromProject_OfNoFile_IsRefused() => Assert.ThrowsAsync<FileNotFoundException>(() => PluginBinary.FromProjectAsync("no such.csproj", cancellationToken: Token));
}
