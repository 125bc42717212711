using Plugwire.Architecture.Tests.Folders;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Arrows;

public sealed class WireArrowsTests
{
    [Fact]
    public void Wire_AsItIs_KeepsItsLayersApart()
    {
        var wire = ProductProject.Named("Plugwire.Wire");
        Assert.NotEmpty(wire.Sources());

        Rule.Holds(WireArrows.Violations(FolderGraph.Edges(ProjectCompilation.Of(wire), wire.Folder)));
    }

    [Theory]
    [InlineData("Http2/Frames", "Rpc")]
    [InlineData("Http2", "Transports")]
    [InlineData("Transports/UnixSockets", "Launching")]
    [InlineData("Launching", "Rpc/Client")]
    public void Layer_KnowingOneAbove_IsNamed(string from, string to)
    {
        var violation = Assert.Single(WireArrows.Violations([new FolderEdge(from, to, "Sdk/Wire/X.cs:7", "X")]));

        Assert.Equal($"{from} -> {to} (X at Sdk/Wire/X.cs:7)", violation);
    }

    [Fact]
    public void Layer_KnowingOneBelowOrItself_IsFine()
    {
        Rule.Holds(WireArrows.Violations(
        [
            new FolderEdge("Rpc/Client", "Http2/Frames", "X.cs:1", "X"),
            new FolderEdge("Rpc", "Transports", "X.cs:1", "X"),
            new FolderEdge("Http2", "Http2/Frames", "X.cs:1", "X"),
        ]));
    }

    [Fact]
    public void Layer_NobodyHasPlaced_IsNamed()
    {
        Assert.StartsWith("Say in WireArrows", Assert.Single(WireArrows.Violations([new FolderEdge("Extra", "Http2", "X.cs:1", "X")])), StringComparison.Ordinal);
    }
}
