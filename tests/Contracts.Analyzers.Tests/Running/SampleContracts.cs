namespace Plugwire.Contracts.Analyzers.Tests.Running;

/// <summary>Contracts as the generator makes them, for the sources that are looked at.</summary>
internal static class SampleContracts
{
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.CompilerServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Examples.Inspection;
        global using Grpc.Core;
        global using Plugwire;
        """;

    public const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Plugwire;

        namespace Examples.Inspection
        {
            public sealed class DescribeRequest;

            public sealed class Description
            {
                public string Name => "";
            }

            public sealed class FileChunk;

            public sealed class Finding;

            public sealed class Summary;

            public sealed class WatchRequest;

            public sealed class Change;

            public partial interface IInspector : IContract<IInspector>
            {
                ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                IAsyncEnumerable<Finding> InspectAsync(IAsyncEnumerable<FileChunk> requests, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                static ContractDefinition<IInspector> IContract<IInspector>.Definition => throw new NotImplementedException();
            }

            // What the author of a contract adds to the generated part is called in his own process.
            public partial interface IInspector
            {
                ValueTask<Description> DescribeAsync() => DescribeAsync(new DescribeRequest());
            }

            public partial interface IWatcher : IContract<IWatcher>
            {
                IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                static ContractDefinition<IWatcher> IContract<IWatcher>.Definition => throw new NotImplementedException();
            }

            // Of the same shape, and no contract.
            public interface ILocalInspector
            {
                ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

                IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();
            }
        }
        """;
}
