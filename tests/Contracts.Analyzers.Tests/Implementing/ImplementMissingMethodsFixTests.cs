using Plugwire.Contracts.Analyzers.Implementing;
using Plugwire.Contracts.Analyzers.Tests.Running;
using Plugwire.Contracts.CodeFixes;

namespace Plugwire.Contracts.Analyzers.Tests.Implementing;

public sealed class ImplementMissingMethodsFixTests
{
    [Fact]
    public async Task Fix_OfAnEmptyClass_AddsAllMethods()
    {
        await ChangesAsync(
            """
            sealed class TodoInspector : IInspector;
            """,
            """
            sealed class TodoInspector : IInspector
            {
                public ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call = default, CancellationToken cancellationToken = default)
                {
                    throw new NotImplementedException();
                }

                public async IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
                {
                    yield return await Task.FromException<Finding>(new NotImplementedException());
                }

                public async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
                {
                    yield return await Task.FromException<Change>(new NotImplementedException());
                }

                public ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call = default, CancellationToken cancellationToken = default)
                {
                    throw new NotImplementedException();
                }
            }
            """);
    }

    [Fact]
    public async Task Fix_OfAClassWithMembers_AddsBehindThem()
    {
        await ChangesAsync(
            """
            namespace Todo
            {
                /// <summary>Watches.</summary>
                sealed class TodoWatcher : IWatcher
                {
                    private readonly int _rounds = 3;

                    public int Rounds => _rounds; // Never more.
                }
            }
            """,
            """
            namespace Todo
            {
                /// <summary>Watches.</summary>
                sealed class TodoWatcher : IWatcher
                {
                    private readonly int _rounds = 3;

                    public int Rounds => _rounds; // Never more.

                    public async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
                    {
                        yield return await Task.FromException<Change>(new NotImplementedException());
                    }
                }
            }
            """);
    }

    [Fact]
    public async Task Fix_InAFileWithoutUsings_AddsThem()
    {
        await ChangesAsync(
            """
            sealed class TodoWatcher : Examples.Inspection.IWatcher
            {
            }
            """,
            """
            using System;
            using System.Collections.Generic;
            using System.Runtime.CompilerServices;
            using System.Threading;
            using System.Threading.Tasks;
            using Examples.Inspection;
            using Plugwire;

            sealed class TodoWatcher : Examples.Inspection.IWatcher
            {
                public async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
                {
                    yield return await Task.FromException<Change>(new NotImplementedException());
                }
            }
            """,
            usings: "");
    }

    [Fact]
    public async Task Fix_WhereAMethodDiffersByItsResultAlone_NamesTheContract()
    {
        await ChangesAsync(
            """
            sealed class TodoWatcher : IWatcher
            {
                public string WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => "";
            }
            """,
            """
            sealed class TodoWatcher : IWatcher
            {
                public string WatchAsync(WatchRequest request, CallContext call, CancellationToken cancellationToken) => "";

                async IAsyncEnumerable<Change> IWatcher.WatchAsync(WatchRequest request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
                {
                    yield return await Task.FromException<Change>(new NotImplementedException());
                }
            }
            """);
    }

    [Fact]
    public async Task Fix_OfAClassWithTwoContracts_AddsOneAfterTheOther()
    {
        var changed = await FixRun.ChangeAllAsync<MissingMethodsAnalyzer, ImplementMissingMethodsFix>("""
            interface IOther : IContract<IOther>
            {
                ValueTask<Description> OtherAsync(DescribeRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();
                static ContractDefinition<IOther> IContract<IOther>.Definition => throw new NotImplementedException();
            }

            class Both : IOther, IWatcher
            {
            }
            """);

        Assert.Contains("public ValueTask<Description> OtherAsync(", changed, StringComparison.Ordinal);
        Assert.Contains("public async IAsyncEnumerable<Change> WatchAsync(", changed, StringComparison.Ordinal);
    }

    private static Task ChangesAsync(string before, string after, string usings = SampleContracts.Usings) =>
        FixRun.ChangesAsync<MissingMethodsAnalyzer, ImplementMissingMethodsFix>(before, after, usings);
}
