using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Contracts.Generator.Tests.GrpcTools;

public sealed class CompilationTests
{
    private static readonly string[] Fine = ["Plain", "Other", "Rootless", "Hidden", "Calling", "Serving", "Meeting"];

    [Theory]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.Latest)]
    public void Contracts_WithWarningsAsErrors_Compile(LanguageVersion version)
    {
        var run = GrpcToolsRun.Of(new CSharpParseOptions(version, DocumentationMode.Diagnose), Fine);

        Assert.Equal(11, run.Files.Count);
        Assert.Empty(run.CompilerErrors());
        Assert.Null(run.Result.Exception);
    }

    [Fact]
    public void Comments_ThatAreNoXml_AreFineInTheContract()
    {
        var run = GrpcToolsRun.Of("Comments");

        Assert.All(run.CompilerErrors(), error => Assert.EndsWith("CommentsGrpc.cs", error.Location.GetLineSpan().Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Contracts_WithoutADocumentationFile_AreTheSame()
    {
        var documented = GrpcToolsRun.Of(new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose), Fine).Files;
        var bare = GrpcToolsRun.Of(new CSharpParseOptions(documentationMode: DocumentationMode.None), Fine).Files;

        Assert.Equal(documented, bare);
    }

    [Fact]
    public void Contract_ExtendedByHand_StaysAsItIs()
    {
        var run = GrpcToolsRun.Of("Plain").Add("/more.cs", """
            namespace Examples.Plain.V1
            {
                public partial interface IAnswering
                {
                    /// <summary>Asks nothing.</summary>
                    System.Threading.Tasks.ValueTask<Answer> AskNothingAsync() => AskAsync(new Question());
                }
            }
            """);

        Assert.Equal(GrpcToolsRun.Of("Plain").Files, run.Files);
        Assert.Empty(run.CompilerErrors());
    }

    [Theory]
    [InlineData("public interface IAnswering { }")]
    [InlineData("internal sealed class IAnswering { }")]
    [InlineData("public delegate void IAnswering();")]
    [InlineData("public enum IAnswering { None }")]
    [InlineData("namespace IAnswering.Deeper { public class Any { } }")]
    public void Name_ThatSomethingElseHas_IsLeftToIt(string declaration)
    {
        var run = GrpcToolsRun.Of("Plain").Add("/taken.cs", $"namespace Examples.Plain.V1 {{ {declaration} }}");

        Assert.Contains("partial interface IAnsweringContract ", Assert.Single(run.Files).Value, StringComparison.Ordinal);
        Assert.DoesNotContain(run.CompilerErrors(), error => error.Id is not "CS1591");
    }

    [Theory]
    [InlineData("namespace Examples.Plain.V2 { public enum IAnswering { None } }")]
    [InlineData("namespace Examples.Plain.V1 { public interface IAnswering<T> { } }")]
    [InlineData("namespace Examples.Plain.V1 { public class Outer { public enum IAnswering { None } } }")]
    public void Name_ThatSomethingElseHasElsewhere_IsTheContracts(string declaration)
    {
        var run = GrpcToolsRun.Of("Plain").Add("/taken.cs", declaration);

        Assert.Contains("partial interface IAnswering ", Assert.Single(run.Files).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""static class Own { static readonly string __ServiceName = "own"; }""")]
    [InlineData("""partial class Own { static readonly string __ServiceName = "own"; }""")]
    [InlineData("""class Outer { static partial class Own { static readonly string __ServiceName = "own"; } }""")]
    [InlineData("""static partial class Own { static readonly string __ServiceName = string.Empty; }""")]
    [InlineData("""static partial class Own { static void Method() { var __ServiceName = "own"; } }""")]
    public void Class_ThatIsNoServices_IsLeftAlone(string source)
    {
        var run = GrpcToolsRun.Of().Add("/own.cs", source);

        Assert.Empty(run.Files);
        Assert.Empty(run.Diagnostics);
    }

    [Fact]
    public void Definition_WithItsFileCompiledFirst_HasItsMethods()
    {
        // Static fields of a partial class are set in the order of the files: the definition has to wait for those of Grpc.Tools.
        var run = GrpcToolsRun.Of("Plain");
        var trees = run.After.SyntaxTrees.ToArray();
        using var assembly = new MemoryStream();
        var result = run.After.RemoveAllSyntaxTrees().AddSyntaxTrees(trees.Reverse()).Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));

        var service = Assembly.Load(assembly.ToArray()).GetType("Examples.Plain.V1.Answering")!;
        var definition = service.GetNestedType("__Contract", BindingFlags.NonPublic)!.GetField("Definition", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        var methods = ((IEnumerable<object>)definition.GetType().GetProperty("Methods")!.GetValue(definition)!).ToArray();

        Assert.Equal(4, methods.Length);
        Assert.All(methods, method => Assert.NotNull(method.GetType().GetProperty("Method")!.GetValue(method)));
    }

    [Fact]
    public void Comment_OfAClientAlone_IsThatOfItsOwnRpc()
    {
        // The client's second method for Get is called GetAsync, too.
        var text = GrpcToolsRun.Of("Calling").Files["Examples.Calling.Calling.Contract.g.cs"];
        var comments = text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("/// <summary>", StringComparison.Ordinal));

        Assert.Equal(["For callers.", "The first.", "The second.", "The third."], comments.Select(line => line["/// <summary>".Length..^"</summary>".Length]));
    }
}
