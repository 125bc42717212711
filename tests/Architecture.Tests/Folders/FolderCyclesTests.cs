using Microsoft.CodeAnalysis;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Folders;

public sealed class FolderCyclesTests
{
    [Theory]
    [MemberData(nameof(ProductProject.Names), MemberType = typeof(ProductProject))]
    public void Product_AsItIs_HasNoFoldersInACycle(string assemblyName)
    {
        var project = ProductProject.Named(assemblyName);

        Rule.Holds(FolderCycles.Violations(FolderGraph.Edges(ProjectCompilation.Of(project), project.Folder)));
    }

    [Theory]
    [MemberData(nameof(ProductProject.Names), MemberType = typeof(ProductProject))]
    public void Product_AsTheRulesReadIt_HasNoUnknownNames(string assemblyName)
    {
        // CS0103, CS0234, CS0246: a name that means nothing here would be an edge that no rule sees.
        var unknown = ProjectCompilation.Of(ProductProject.Named(assemblyName)).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id is "CS0103" or "CS0234" or "CS0246");

        Rule.Holds(unknown.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void TwoFolders_ThatNameEachOther_AreNamedWithPlaces()
    {
        var cycle = Assert.Single(Check(
            ("P/Launching/Start.cs", "namespace P.Launching;\nclass Start\n{\n    P.Output.Reader? reader;\n}"),
            ("P/Output/Reader.cs", "namespace P.Output;\nclass Reader { P.Launching.Start? start; }")));

        Assert.Contains("Launching -> Output (Reader at P/Launching/Start.cs:4)", cycle, StringComparison.Ordinal);
        Assert.Contains("Output -> Launching (Start at P/Output/Reader.cs:2)", cycle, StringComparison.Ordinal);
    }

    [Fact]
    public void ThreeFolders_InARing_AreNamed()
    {
        var cycle = Assert.Single(Check(
            ("P/A/A.cs", "namespace P; class A { B? b; }"),
            ("P/B/B.cs", "namespace P; class B { C? c; }"),
            ("P/C/C.cs", "namespace P; class C { A? a; }")));

        Assert.Contains("A -> B", cycle, StringComparison.Ordinal);
        Assert.Contains("C -> A", cycle, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_AndTheFolderInIt_ThatNameEachOther_AreNamed()
    {
        Assert.Single(Check(
            ("P/A/A.cs", "namespace P; class A { B? b; }"),
            ("P/A/B/B.cs", "namespace P; class B { A? a; }")));
    }

    [Fact]
    public void Member_ReachedThroughAnInferredType_CountsAsAnEdge()
    {
        Assert.Single(Check(
            ("P/A/A.cs", "namespace P; static class A { public static B Make() => new(); }"),
            ("P/B/B.cs", "namespace P; class B { public int Size; public object Again() => A.Make(); }"),
            ("P/C/C.cs", "namespace P; class C { int Size() { var b = A.Make(); return b.Size; } }")));
    }

    [Fact]
    public void Root_AndAFolderThatKnowsIt_AreNamed()
    {
        var cycle = Assert.Single(Check(
            ("P/Plugin.cs", "namespace P; class Plugin { A? a; }"),
            ("P/A/A.cs", "namespace P; class A { Plugin? plugin; }")));

        Assert.Contains("(root) -> A (A at P/Plugin.cs:1)", cycle, StringComparison.Ordinal);
    }

    [Fact]
    public void OneWay_ThroughAnyNumberOfFolders_IsNoCycle()
    {
        Rule.Holds(Check(
            ("P/Registration/Registration.cs", "namespace P; class Registration { Plugin? plugin; }"),
            ("P/Plugin.cs", "namespace P; class Plugin { A? a; B? b; }"),
            ("P/A/A.cs", "namespace P; class A;"),
            ("P/B/B.cs", "namespace P; class B { A? a; }")));
    }

    private static IEnumerable<string> Check(params (string Path, string Text)[] sources) =>
        FolderCycles.Violations(FolderGraph.Edges(ProjectCompilation.Of(sources.Select(source => new SourceFile(source.Path, source.Text))), "P"));
}
