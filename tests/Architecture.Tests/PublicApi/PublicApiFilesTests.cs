using System.Xml.Linq;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.PublicApi;

public sealed class PublicApiFilesTests
{
    private const string Package = "<Project><PropertyGroup><IsPackable>true</IsPackable></PropertyGroup></Project>";

    [Theory]
    [MemberData(nameof(ProductProject.Names), MemberType = typeof(ProductProject))]
    public void Product_AsItIs_WritesItsPublicSurfaceDown(string assemblyName)
    {
        var project = ProductProject.Named(assemblyName);

        Rule.Holds(PublicApiFiles.Violations(project.Path, project.Xml, file => File.Exists(RepositoryTree.Absolute($"{project.Folder}/{file}"))));
    }

    [Fact]
    public void Build_AsItIs_ComparesPublicSurfaces()
    {
        Rule.Holds(PublicApiFiles.SharedViolations(
            File.ReadAllText(RepositoryTree.Absolute("Directory.Build.targets")), File.ReadAllText(RepositoryTree.Absolute(".editorconfig"))));
    }

    [Fact]
    public void Package_WithoutFiles_IsNamed()
    {
        var violations = PublicApiFiles.Violations("P.csproj", XDocument.Parse(Package), _ => false).ToArray();

        Assert.Equal(2, violations.Length);
        Assert.Contains("PublicAPI.Shipped.txt", violations[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Package_SilencingTheAnalyzer_IsNamed()
    {
        var project = XDocument.Parse(Package.Replace("</PropertyGroup>", "<NoWarn>$(NoWarn);RS0016</NoWarn></PropertyGroup>", StringComparison.Ordinal));

        Assert.Contains("RS0016", Assert.Single(PublicApiFiles.Violations("P.csproj", project, _ => true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithoutTheAnalyzers_IsNamed()
    {
        Assert.Equal(6, PublicApiFiles.SharedViolations("<Project />", "[*.cs]").Count());
    }
}
