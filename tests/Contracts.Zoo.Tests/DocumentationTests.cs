using System.Xml.Linq;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>The .proto's comments, in the documentation that the build wrote.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Ways => [.. ZooContract.Ways];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Documentation_OfTheProtosComments_SaysThemAsTheyAre(string way)
    {
        var service = Member(way, "T:Zoo.Comments.IComments");

        Assert.Equal(
            "Takes <b>anything</b> & \"more\": a < b > c, 'x', &amp; &lt;, </summary> <summary> <unclosed, {braces}, \\u0041 \\n, /// and @at.",
            service.Element("summary")!.Value);
        Assert.Equal(["A second paragraph, of two lines.", "* a list * of two"], service.Element("remarks")!.Elements("para").Select(Text));
        Assert.Equal("A block of a comment, with stars.", Summary(way, "Block"));
        Assert.Equal("Grüße, 日本語, 🐘.", Summary(way, "Letters"));
        Assert.Equal("Stands behind.", Summary(way, "Behind"));
        Assert.Equal("<summary>", Summary(way, "Tag"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Documentation_WithoutACommentInTheProto_NamesTheRpc(string way)
    {
        Assert.Equal("The method Blank of zoo.comments.Comments.", Summary(way, "Blank"));
        Assert.Equal("The service zoo.proto2.Proto2.", Text(Member(way, "T:Zoo.Proto2.IProto2").Element("summary")!));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Documentation_OfEveryContract_IsWhole(string way)
    {
        foreach (var contract in ZooContract.All(way))
        {
            Assert.NotEmpty(Text(Member(way, $"T:{contract.Interface.FullName}").Element("summary")!));
            foreach (var method in contract.InterfaceMethods)
            {
                var member = Member(way, $"M:{contract.Interface.FullName}.{method.Name}(");

                Assert.NotEmpty(Text(member.Element("summary")!));
                Assert.NotEmpty(Text(member.Element("returns")!));
                Assert.Equal(method.GetParameters().Select(parameter => parameter.Name), member.Elements("param").Select(parameter => (string?)parameter.Attribute("name")));
            }
        }
    }

    private static string Summary(string way, string rpc) => Text(Member(way, $"M:Zoo.Comments.IComments.{rpc}Async(").Element("summary")!);

    private static XElement Member(string way, string name) =>
        Documents[way].Single(member => ((string)member.Attribute("name")!).StartsWith(name, StringComparison.Ordinal)
            && (name.EndsWith('(') || (string)member.Attribute("name")! == name));

    private static string Text(XElement element) => string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static readonly Dictionary<string, XElement[]> Documents = ZooContract.Ways.ToDictionary(
        way => way, way => XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"Plugwire.Contracts.Zoo.{way}.xml")).Descendants("member").ToArray());
}
