using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Plugwire.Streaming;

/// <summary>The messages of a gRPC stream as an enumerable.</summary>
internal static class StreamReading
{
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.MoveNext(cancellationToken).ConfigureAwait(false))
            yield return reader.Current;
    }
}
