using System.Runtime.CompilerServices;
using Examples.Inspection;
using Plugwire;

namespace Examples.Scanning;

/// <summary>An inspector that looks for patterns: duplex, chunks in, findings out as soon as they are certain.</summary>
/// <param name="name">The name it is spoken of by.</param>
public abstract class PatternInspector(string name) : IInspector
{
    public async ValueTask<Description> DescribeAsync(DescribeRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var patterns = await GetPatternsAsync(call, cancellationToken);
        var description = new Description { Name = name };
        description.Rules.AddRange(patterns
            .DistinctBy(pattern => pattern.RuleId)
            .Select(pattern => new Rule { Id = pattern.RuleId, Summary = pattern.Summary }));
        return description;
    }

    public async IAsyncEnumerable<Finding> InspectAsync(
        IAsyncEnumerable<FileChunk> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scanner = new FileScanner(await GetPatternsAsync(call, cancellationToken));
        var order = new ChunkOrder();
        var found = new List<Finding>();

        await foreach (var chunk in requests.WithCancellation(cancellationToken))
        {
            if (order.Accept(chunk))
                scanner.Begin(chunk.Path);

            for (var rest = chunk.Data.Memory; !rest.IsEmpty;)
            {
                var slice = rest[..Math.Min(rest.Length, FileScanner.SliceSize)];
                rest = rest[slice.Length..];
                scanner.Scan(slice.Span, found);
                foreach (var finding in found)
                    yield return finding;
                found.Clear();
            }

            if (chunk.Last)
            {
                scanner.End(found);
                foreach (var finding in found)
                    yield return finding;
                found.Clear();
            }
        }

        order.AcceptEnd();
    }

    /// <summary>What to look for in one call. Patterns of one rule id are one rule.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The call's.</param>
    protected abstract ValueTask<IReadOnlyList<Pattern>> GetPatternsAsync(CallContext call, CancellationToken cancellationToken);
}
