using Plugwire.Contracts.Analyzers.Implementing;
using Plugwire.Contracts.Analyzers.Tests.Running;
using Plugwire.Contracts.CodeFixes;

namespace Plugwire.Contracts.Analyzers.Tests.Implementing;

public sealed class MatchSignatureFixTests
{
    [Theory]
    [InlineData(
        "    // Says who it is.\n    ValueTask<Description> DescribeAsync(DescribeRequest asked, CallContext call, CancellationToken token) => new(new Description());",
        "    // Says who it is.\n    public ValueTask<Description> DescribeAsync(DescribeRequest asked, CallContext call, CancellationToken token) => new(new Description());")]
    [InlineData(
        "    internal static ValueTask<Description> DescribeAsync(DescribeRequest asked, CallContext call, CancellationToken token) => new(new Description());",
        "    public ValueTask<Description> DescribeAsync(DescribeRequest asked, CallContext call, CancellationToken token) => new(new Description());")]
    [InlineData(
        "    public async Task<Description> DescribeAsync(DescribeRequest asked, CancellationToken token)\n    {\n        await Task.Delay(1, token);\n        return new Description();\n    }",
        "    public async ValueTask<Description> DescribeAsync(DescribeRequest asked, CallContext call = default, CancellationToken token = default)\n    {\n        await Task.Delay(1, token);\n        return new Description();\n    }")]
    [InlineData(
        "    public ValueTask<Description> DescribeAsync(CallContext call) => new(new Description());",
        "    public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken = default) => new(new Description());")]
    [InlineData(
        "    async IAsyncEnumerable<Change> WatchAsync(WatchRequest request)\n    {\n        yield return await Task.FromResult(new Change());\n    }",
        "    public async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)\n    {\n        yield return await Task.FromResult(new Change());\n    }")]
    public async Task Fix_OfAnotherSignature_MakesItTheContracts(string before, string after)
    {
        await FixRun.ChangesAsync<AlmostImplementedAnalyzer, MatchSignatureFix>(Class(before), Class(after));
    }

    [Theory]
    [InlineData("public Task<Description> DescribeAsync(DescribeRequest request) => Task.FromResult(new Description());")]
    [InlineData("public ValueTask<Description> DescribeAsync(DescribeRequest request, string name) => new(new Description());")]
    [InlineData("public virtual ValueTask<Description> DescribeAsync(DescribeRequest request) => new(new Description());")]
    public async Task Fix_WhereTheBodyWouldHaveToChange_IsNotOffered(string method)
    {
        Assert.Empty(await FixRun.ActionsAsync<AlmostImplementedAnalyzer, MatchSignatureFix>(Class(method)));
    }

    private static string Class(string method) => $$"""
        class Inspector : IInspector
        {
        {{method}}
        }
        """;
}
