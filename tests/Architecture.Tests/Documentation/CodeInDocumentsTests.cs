using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

public sealed class CodeInDocumentsTests
{
    private static readonly string[] OtherNamesOfCSharp = ["cs", "c#", "C#", "CSharp", "Csharp"];

    [Fact]
    public void Documents_AsTheyAre_HoldCodeThatCompiles()
    {
        Assert.NotEmpty(MarkdownFile.All);

        Rule.Holds(MarkdownFile.All.SelectMany(file => file.Blocks()).Where(block => block.Language == "csharp").SelectMany(BlockCompiler.Errors));
    }

    [Fact]
    public void Documents_AsTheyAre_CallCSharpByTheNameThatIsCompiled()
    {
        Rule.Holds(MarkdownFile.All.SelectMany(file => file.Blocks()).Where(block => OtherNamesOfCSharp.Contains(block.Language)).Select(block => $"{block}: write csharp."));
    }

    [Fact]
    public void Block_WithAnError_IsNamedWithFileAndLine()
    {
        var errors = Errors("# Title\n\n```csharp\nusing System.Text;\n\nvar text = new StringBuilder();\ntext.Apend(1);\n```\n");

        Assert.StartsWith("docs/page.md:7: CS1061", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Block_InAListWithAnError_IsNamedWithFileAndLine()
    {
        Assert.StartsWith("docs/page.md:3: CS0103", Assert.Single(Errors("1. First:\n   ```csharp\n   missing();\n   ```\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Console.WriteLine(await Task.FromResult(1));")]
    [InlineData("public sealed class C;\nvar c = new C();\nConsole.WriteLine(c);")]
    [InlineData("public override string ToString() => \"a method alone\";")]
    [InlineData("namespace N;\npublic interface I;")]
    [InlineData("var request = new HelloRequest { Name = \"you\" };\nConsole.WriteLine(new Greeter.GreeterClient((CallInvoker)null!).SayHello(request).Message);")]
    public void Block_OfAnyShape_Compiles(string code)
    {
        Rule.Holds(Errors($"```csharp\n{code}\n```\n"));
    }

    [Fact]
    public void Block_WithSomethingGiven_ComesToKnowIt()
    {
        Rule.Holds(Errors("<!-- given: var name = \"you\"; -->\n\n```csharp\nConsole.WriteLine(name);\n```\n"));
    }

    [Fact]
    public void Block_WithAnErrorInWhatIsGiven_IsNamed()
    {
        Assert.StartsWith(
            "docs/page.md:5 (what is given above it): CS0103",
            Assert.Single(Errors("<!-- given:\nvar name = missing;\n-->\n```csharp\nConsole.WriteLine(name);\n```\n")),
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Errors(string text) =>
        new MarkdownFile("docs/page.md", text).Blocks().Where(block => block.Language == "csharp").SelectMany(BlockCompiler.Errors);
}
