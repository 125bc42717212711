using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Generator.Diagnostics;

namespace Plugwire.Contracts.Generator.Tests;

public sealed class DiagnosticTests
{
    public static TheoryData<string> Ids => [.. Rules.All.Select(rule => rule.Id)];

    [Theory]
    [InlineData("service's name is a keyword", "public static partial class event", "'event' is a keyword of C#")]
    [InlineData("service is named as a member of its class", "public static partial class Descriptor", "member 'Descriptor' of its own")]
    public void Service_WithANameThatCannotBeAType_IsReported(string what, string declaration, string expected)
    {
        Assert.NotEmpty(what);
        var name = declaration[(declaration.LastIndexOf(' ') + 1)..];
        var run = Kinds(text => text.Replace("public static partial class Kinds", declaration, StringComparison.Ordinal).Replace("\"zoo.kinds.Kinds\"", $"\"zoo.kinds.{name}\"", StringComparison.Ordinal));

        Contains(run, "PLUGW001", DiagnosticSeverity.Error, expected);
    }

    [Theory]
    [InlineData("KindsBase", "named as the class that its method stands in")]
    [InlineData("headers", "named as something that its method in the client uses")]
    public void Rpc_WithANameThatItsOwnClassUses_IsReported(string rpc, string expected)
    {
        var run = Kinds(text => text.Replace("\"List\"", $"\"{rpc}\"", StringComparison.Ordinal).Replace("__Method_List", $"__Method_{rpc}", StringComparison.Ordinal));

        Contains(run, "PLUGW001", DiagnosticSeverity.Error, expected);
    }

    [Fact]
    public void TwoRpcs_ThatCollideInTheClient_AreReported()
    {
        var run = Kinds(text => text.Replace("\"List\"", "\"AskAsync\"", StringComparison.Ordinal).Replace("__Method_List", "__Method_AskAsync", StringComparison.Ordinal));

        Contains(run, "PLUGW002", DiagnosticSeverity.Error, "'Ask' and 'AskAsync'");
    }

    [Fact]
    public void Contract_WhoseNameIsTaken_HasAnotherAndIsReported()
    {
        var run = GeneratorRun.Over(("KindsGrpc.cs", GeneratorRun.Fixture("Kinds")), ("Mine.cs", "namespace Zoo.Kinds { public interface IKinds; }"));

        Contains(run, "PLUGW003", DiagnosticSeverity.Info, "is named IKindsContract");
        Assert.Contains(run.FileNames, file => run.Text(file).Contains("interface IKindsContract", StringComparison.Ordinal));
    }

    [Fact]
    public void Rpcs_ThatBecomeOneName_AreToldApartAndReported()
    {
        var run = Kinds(text => text.Replace("\"List\"", "\"talk\"", StringComparison.Ordinal).Replace("__Method_List", "__Method_talk", StringComparison.Ordinal));

        Contains(run, "PLUGW004", DiagnosticSeverity.Info, "'talk'");
    }

    [Fact]
    public void Type_ThatHidesANamespace_IsReportedAndNothingGenerated()
    {
        var run = GeneratorRun.Over(("KindsGrpc.cs", GeneratorRun.Fixture("Kinds")), ("Mine.cs", "public class System;"));

        Contains(run, "PLUGW005", DiagnosticSeverity.Error, "'System'");
        Assert.Empty(run.FileNames);
    }

    [Fact]
    public void Service_GeneratedTwice_IsReportedAndNotGenerated()
    {
        var run = GeneratorRun.Over(("First.cs", GeneratorRun.Fixture("Kinds")), ("Second.cs", GeneratorRun.Fixture("Kinds")));

        Contains(run, "PLUGW006", DiagnosticSeverity.Error, "zoo.kinds.Kinds");
        Assert.Empty(run.FileNames);
    }

    [Fact]
    public void Fixtures_AsTheyAre_GiveNoReason()
    {
        Assert.Empty(GeneratorRun.OverFixture("Kinds").Diagnostics);
        Assert.Empty(GeneratorRun.OverFixture("Comments").Diagnostics);
    }

    [Fact]
    public void FieldOfSomebodyElse_WithTheSameName_IsLeftAlone()
    {
        var run = GeneratorRun.Over(("Mine.cs", "class Mine { static readonly string __ServiceName = \"mine\"; }"));

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.FileNames);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_Always_HasAPageOfItsOwn(string id)
    {
        var rule = Rules.All.Single(rule => rule.Id == id);

        Assert.EndsWith($"/docs/diagnostics/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Root(), "docs", "diagnostics", id + ".md")), $"There is no docs/diagnostics/{id}.md.");
    }

    private static GeneratorRun Kinds(Func<string, string> edit) => GeneratorRun.Over(("KindsGrpc.cs", edit(GeneratorRun.Fixture("Kinds"))));

    private static void Contains(GeneratorRun run, string id, DiagnosticSeverity severity, string text) =>
        Assert.Contains(run.Diagnostics, diagnostic =>
            diagnostic.Id == id && diagnostic.Severity == severity && diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains(text, StringComparison.Ordinal));

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Sdk.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No directory above '{AppContext.BaseDirectory}' holds Sdk.sln.");
    }
}
