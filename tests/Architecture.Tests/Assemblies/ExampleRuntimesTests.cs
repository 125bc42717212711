using System.Xml.Linq;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Assemblies;

public sealed class ExampleRuntimesTests
{
    [Fact]
    public void Examples_AsBuilt_NeedTheBareRuntimeAlone()
    {
        var programs = RepositoryTree.Files("*.csproj", "ExamplePlugins").Select(file => (Name: Path.GetFileNameWithoutExtension(file), Project: XDocument.Load(RepositoryTree.Absolute(file))))
            .Where(program => Values(program.Project, "OutputType") is ["Exe"]).ToArray();
        Assert.NotEmpty(programs);

        foreach (var path in programs.SelectMany(program => Outputs(program.Project).Select(output => $"artifacts/bin/{program.Name}/{output}/{Values(program.Project, "AssemblyName").FirstOrDefault(program.Name)}.runtimeconfig.json")))
        {
            Assert.True(File.Exists(RepositoryTree.Absolute(path)), $"{path} does not exist: the build of these tests builds the examples first.");
            Rule.Holds(ExampleRuntimes.Violations(path, File.ReadAllText(RepositoryTree.Absolute(path))));
        }

        // A project for several frameworks has a directory for each.
        static string[] Outputs(XDocument project) => Values(project, "TargetFrameworks") is [var frameworks]
            ? [.. frameworks.Split(';').Select(framework => $"{RepositoryTree.Configuration}_{framework}")]
            : [RepositoryTree.Configuration];

        static string[] Values(XDocument project, string property) => [.. project.Descendants(property).Select(element => element.Value)];
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
