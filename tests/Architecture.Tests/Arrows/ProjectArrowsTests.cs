using System.Xml.Linq;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Arrows;

public sealed class ProjectArrowsTests
{
    [Fact]
    public void Products_AsTheyAre_ReferenceOnlyWhatTheyStandOn()
    {
        Assert.NotEmpty(ProductProject.All);
        Rule.Holds(ProjectArrows.Violations(ProductProject.All));
    }

    [Theory]
    [InlineData("Sdk/Plugin/Plugwire.Sdk.csproj", "../../PluginHost/Plugwire.PluginHost.csproj", "Plugwire.Sdk references Plugwire.PluginHost")]
    [InlineData("PluginHost/Plugwire.PluginHost.csproj", "../Sdk/Plugin/Plugwire.Sdk.csproj", "Plugwire.PluginHost references Plugwire.Sdk")]
    [InlineData("Sdk/Wire/Plugwire.Wire.csproj", @"..\Plugin\Plugwire.Sdk.csproj", "Plugwire.Wire references Plugwire.Sdk")]
    public void Project_ReferencingAgainstTheArrow_IsNamed(string path, string reference, string expected)
    {
        var project = Project(path, $"""<ProjectReference Include="{reference}" />""");

        Assert.Contains(expected, Assert.Single(ProjectArrows.Violations([project])), StringComparison.Ordinal);
    }

    [Fact]
    public void Project_NobodyHasPlaced_IsNamed()
    {
        Assert.Contains("does not know", Assert.Single(ProjectArrows.Violations([Project("Sdk/Extra/Plugwire.Extra.csproj", "")])), StringComparison.Ordinal);
    }

    private static ProductProject Project(string path, string items) => new(path, XDocument.Parse($"<Project><ItemGroup>{items}</ItemGroup></Project>"));
}
