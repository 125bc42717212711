using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Analyzers.Implementing;
using Plugwire.Contracts.Analyzers.Tests.Running;

namespace Plugwire.Contracts.Analyzers.Tests.Implementing;

public sealed class AlmostImplementedAnalyzerTests
{
    [Theory]
    [InlineData(
        "ValueTask<Description> [|DescribeAsync|](DescribeRequest request, CallContext call, CancellationToken token) => default;",
        "it is not public")]
    [InlineData(
        "public static ValueTask<Description> [|DescribeAsync|](DescribeRequest request, CallContext call, CancellationToken token) => default;",
        "it is static")]
    [InlineData(
        "public Task<Description> [|DescribeAsync|](DescribeRequest request, CallContext call, CancellationToken token) => null!;",
        "it returns Task<Description>, the contract's ValueTask<Description>")]
    [InlineData(
        "public ValueTask<Description> [|DescribeAsync|](DescribeRequest request, CancellationToken token) => default;",
        "it takes (DescribeRequest, CancellationToken), the contract's (DescribeRequest, CallContext, CancellationToken)")]
    [InlineData(
        "public ValueTask<Description> [|DescribeAsync|](CancellationToken token) => default;",
        "it takes (CancellationToken), the contract's (DescribeRequest, CallContext, CancellationToken)")]
    [InlineData(
        "public ValueTask<Description> [|DescribeAsync|](DescribeRequest request, in CallContext call, CancellationToken token) => default;",
        "it takes a parameter by reference")]
    [InlineData(
        "public IAsyncEnumerable<Change> [|WatchAsync|](WatchRequest request, ServerCallContext call) => throw new NotImplementedException();",
        "it takes (WatchRequest, ServerCallContext), the contract's (WatchRequest, CallContext, CancellationToken)")]
    public async Task Method_WithAnotherSignature_IsToldTheDifference(string method, string difference)
    {
        var diagnostic = Assert.Single(await ReportsAsync($"class Inspector : IInspector {{ {method} }}"));

        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.StartsWith("'" + (method.Contains("Watch", StringComparison.Ordinal) ? "WatchAsync' does not implement 'IInspector.WatchAsync'" : "DescribeAsync' does not implement 'IInspector.DescribeAsync'"), diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.EndsWith(": " + difference, diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken token) => default;")]
    [InlineData("ValueTask<Description> IInspector.DescribeAsync(DescribeRequest request, CallContext call, CancellationToken token) => default; Task<Description> DescribeAsync(DescribeRequest request) => null!;")]
    [InlineData("public void DescribeAsync(string text) { }")]
    [InlineData("public int DescribeAsync => 1;")]
    [InlineData("public T DescribeAsync<T>(DescribeRequest request, CallContext call, CancellationToken token) => default!;")]
    [InlineData("public ValueTask<Description> DescribeOtherAsync(DescribeRequest request) => default;")]
    public async Task Method_ImplementingOrOfItsOwn_IsFine(string method)
    {
        await ReportsAsync($"class Inspector : IInspector {{ {method} }}");
    }

    [Fact]
    public async Task Method_OfAnotherContractWithTheSameName_IsFine()
    {
        await ReportsAsync("""
            interface IOther : IContract<IOther>
            {
                IAsyncEnumerable<Change> WatchAsync(Change request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();
                static ContractDefinition<IOther> IContract<IOther>.Definition => throw new NotImplementedException();
            }

            class Watcher : IWatcher, IOther
            {
                public IAsyncEnumerable<Change> WatchAsync(Change request, CallContext call, CancellationToken cancellationToken) => throw new NotImplementedException();
            }
            """);
    }

    [Fact]
    public async Task Method_OfNoContract_IsFine()
    {
        await ReportsAsync("class Inspector : ILocalInspector { public Task<Description> DescribeAsync(DescribeRequest request) => null!; }");
    }

    private static Task<Diagnostic[]> ReportsAsync(string marked) => AnalyzerRun.ReportsAsync<AlmostImplementedAnalyzer>(marked);
}
