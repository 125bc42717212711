using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

public sealed class LinksTests
{
    [Fact]
    public void Documents_AsTheyAre_LinkToWhatExists()
    {
        Rule.Holds(MarkdownFile.All.SelectMany(file => Links.Broken(file, Read)));

        static string? Read(string path)
        {
            var absolute = RepositoryTree.Absolute(path);
            return Directory.Exists(absolute) ? "" : !File.Exists(absolute) ? null : path.EndsWith(".md", StringComparison.Ordinal) ? File.ReadAllText(absolute) : "";
        }
    }

    [Theory]
    [InlineData("see [that](other.md)", "docs/page.md:1: the link 'other.md' leads to docs/other.md, which does not exist.")]
    [InlineData("\nsee [that](../../x/README.md)", "docs/page.md:2: the link '../../x/README.md' leads to x/README.md, which does not exist.")]
    [InlineData("see [that](#missing)", "docs/page.md:1: the link '#missing' leads to a heading that docs/page.md does not have.")]
    [InlineData("see [that](../README.md#missing \"title\")", "docs/page.md:1: the link '../README.md#missing' leads to a heading that README.md does not have.")]
    public void Link_ToNothing_IsNamedWithItsPlace(string text, string expected)
    {
        Assert.Equal(expected, Assert.Single(Check(text)));
    }

    [Theory]
    [InlineData("see [that](../README.md), [here](#my-own-heading), [there](https://example.org/x) and ![it](../README.md#one-two)\n## My own heading!")]
    [InlineData("`[no](link.md)` and\n```\n[no](link.md)\n```\n")]
    public void Link_ToSomething_IsFine(string text)
    {
        Rule.Holds(Check(text));
    }

    private static IEnumerable<string> Check(string text)
    {
        var page = new MarkdownFile("docs/page.md", text);
        return Links.Broken(page, path => path == page.Path ? text : path == "README.md" ? "# One, two" : null);
    }
}
