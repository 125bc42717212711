using System.Xml.Linq;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Assemblies;

public sealed class ExampleRuntimesTests
{
    [Fact]
    public void Examples_AsBuilt_NeedTheBareRuntimeAlone()
    {
        var programs = RepositoryTree.Files("*.csproj", "ExamplePlugins").Where(IsProgram).ToArray();
        Assert.SkipWhen(programs.Length == 0, "There are no example programs yet.");

        foreach (var name in programs.Select(Path.GetFileNameWithoutExtension))
        {
            var path = $"artifacts/bin/{name}/{RepositoryTree.Configuration}/{AssemblyName(name!)}.runtimeconfig.json";
            Assert.True(File.Exists(RepositoryTree.Absolute(path)), $"{path} does not exist: the build of these tests builds the examples first.");
            Rule.Holds(ExampleRuntimes.Violations(path, File.ReadAllText(RepositoryTree.Absolute(path))));
        }

        bool IsProgram(string path) =>
            XDocument.Load(RepositoryTree.Absolute(path)).Descendants("OutputType").Any(element => element.Value == "Exe");

        string AssemblyName(string name) => programs
            .Where(path => Path.GetFileNameWithoutExtension(path) == name)
            .SelectMany(path => XDocument.Load(RepositoryTree.Absolute(path)).Descendants("AssemblyName"))
            .Select(element => element.Value)
            .FirstOrDefault(name);
    }

    [Theory]
    [InlineData("""{ "runtimeOptions": { "frameworks": [ { "name": "Microsoft.NETCore.App" }, { "name": "Microsoft.AspNetCore.App" } ] } }""", "Microsoft.NETCore.App and Microsoft.AspNetCore.App")]
    [InlineData("""{ "runtimeOptions": { "framework": { "name": "Microsoft.AspNetCore.App" } } }""", "needs Microsoft.AspNetCore.App")]
    [InlineData("""{ "runtimeOptions": { } }""", "needs no framework")]
    public void Program_NeedingAnotherFramework_IsNamed(string runtimeConfig, string expected)
    {
        Assert.Contains(expected, Assert.Single(ExampleRuntimes.Violations("x.runtimeconfig.json", runtimeConfig)), StringComparison.Ordinal);
    }

    [Fact]
    public void Program_NeedingTheBareRuntime_IsFine()
    {
        Rule.Holds(ExampleRuntimes.Violations("x", """{ "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }"""));
    }
}
