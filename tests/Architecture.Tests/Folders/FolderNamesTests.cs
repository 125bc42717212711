using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Folders;

public sealed class FolderNamesTests
{
    [Fact]
    public void Folders_AsTheyAre_AreNamedForWhatTheyHold()
    {
        Assert.Contains("Sdk/Wire", RepositoryTree.Directories());
        Rule.Holds(FolderNames.Violations(RepositoryTree.Directories()));
    }

    [Theory]
    [InlineData("Sdk/Wire/Internal")]
    [InlineData("PluginHost/utils")]
    [InlineData("Common")]
    public void Folder_NamedForNothing_IsNamed(string folder)
    {
        Assert.StartsWith(folder, Assert.Single(FolderNames.Violations(["Sdk/Wire/Http2", folder])), StringComparison.Ordinal);
    }
}
