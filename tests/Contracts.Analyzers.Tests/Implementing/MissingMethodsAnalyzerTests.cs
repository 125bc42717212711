using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Analyzers.Implementing;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Implementing;

public sealed class MissingMethodsAnalyzerTests
{
    private const string All = """
            public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            public IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            public IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            public ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
        """;

    [Fact]
    public async Task Implementation_LeavingSomeOut_IsToldOfAllAtOnce()
    {
        var diagnostic = Assert.Single(await ReportsAsync("""
            sealed class [|TodoInspector|] : IInspector
            {
                public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken) => new(new Description());

                IAsyncEnumerable<Change> IInspector.WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }
            """));

        Assert.Equal(
            "'TodoInspector' leaves 2 methods of 'IInspector' out, whose callers are told Unimplemented: InspectAsync, SummarizeAsync",
            diagnostic.GetMessage(null));
    }

    [Fact]
    public async Task Implementation_LeavingOneOut_IsToldInTheSingular()
    {
        var diagnostic = Assert.Single(await ReportsAsync("sealed class [|TodoWatcher|] : IWatcher;"));

        Assert.Equal("'TodoWatcher' leaves a method of 'IWatcher' out, whose callers are told Unimplemented: WatchAsync", diagnostic.GetMessage(null));
    }

    [Fact]
    public async Task MissingMethod_WhenAContractGrows_BreaksNoBuild()
    {
        var diagnostic = Assert.Single(await ReportsAsync("sealed class [|TodoWatcher|] : IWatcher;"));

        Assert.Equal(DiagnosticSeverity.Info, diagnostic.Severity);
        Assert.Equal(ReportDiagnostic.Info, diagnostic.Descriptor.GetEffectiveSeverity(
            new Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error)));
    }

    [Fact]
    public async Task ImplementationOfTwoContracts_LeavingBothOut_IsToldOfEach()
    {
        var diagnostics = await AnalyzerRun.OfAsync<MissingMethodsAnalyzer>(SampleCompilation.Of("struct Both : IInspector, IWatcher { }"));

        Assert.Equal(2, diagnostics.Length);
        Assert.Contains("'IInspector'", diagnostics[0].GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("'IWatcher'", diagnostics[1].GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PartialClass_LeavingSomeOut_IsToldWhereItNamesTheContract()
    {
        await ReportsAsync("partial class TodoWatcher { } partial class [|TodoWatcher|] : IWatcher { }");
    }

    [Fact]
    public async Task Class_OfAnAbstractImplementation_IsToldWhatBothLeaveOut()
    {
        var diagnostic = Assert.Single(await ReportsAsync("""
            abstract class Watcher : IInspector
            {
                public abstract IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken);
                public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken) => new(new Description());
            }

            class [|FileWatcher|] : Watcher
            {
                public override IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }

            class SlowFileWatcher : FileWatcher;
            """));

        Assert.EndsWith(": InspectAsync, SummarizeAsync", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Class_RepeatingTheContractOfItsBase_IsToldOfItself()
    {
        await ReportsAsync("class [|Watcher|] : IWatcher; class [|SlowWatcher|] : Watcher, IWatcher;");
    }

    [Theory]
    [InlineData($"sealed class Inspector : IInspector {{ {All} }}")]
    [InlineData($"class Inspector {{ {All} }} sealed class Derived : Inspector, IInspector;")]
    [InlineData("abstract class Inspector : IInspector;")]
    [InlineData("interface IMore : IInspector;")]
    [InlineData("sealed class Local : ILocalInspector;")]
    [InlineData("sealed class Nothing;")]
    public async Task Type_LeavingNothingOut_IsFine(string source)
    {
        await ReportsAsync(source);
    }

    [Fact]
    public async Task Class_OfAnInterfaceThatImplementsAll_IsFine()
    {
        await ReportsAsync("""
            interface IQuietWatcher : IWatcher
            {
                IAsyncEnumerable<Change> IWatcher.WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }

            sealed class QuietWatcher : IQuietWatcher;
            """);
    }

    [Fact]
    public async Task GeneratedCode_LeavingAllOut_IsFine()
    {
        await ReportsAsync("// <auto-generated/>\nsealed class Client : IInspector;");
    }

    [Fact]
    public async Task Compilation_WithoutContracts_IsFine()
    {
        var compilation = SampleCompilation.Of("sealed class TodoWatcher : IWatcher;");
        var without = compilation.RemoveReferences(compilation.References.Where(reference => reference.Display!.EndsWith("Plugwire.Contracts.dll", StringComparison.Ordinal)));

        Assert.NotEmpty(SampleCompilation.Complaints(without));
        Assert.Empty(await AnalyzerRun.OfAsync<MissingMethodsAnalyzer>(without));
    }

    private static Task<Diagnostic[]> ReportsAsync(string marked) => AnalyzerRun.ReportsAsync<MissingMethodsAnalyzer>(marked);
}
