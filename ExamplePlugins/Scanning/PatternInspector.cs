using Examples.Inspection;
using Grpc.Core;

namespace Examples.Scanning;

/// <summary>The service of an inspector that looks for patterns: duplex, chunks in, findings out as soon as they are certain.</summary>
public abstract class PatternInspector : Inspector.InspectorBase
{
    private readonly Description _description;
    private readonly IReadOnlyList<Pattern> _patterns;

    protected PatternInspector(string name, IReadOnlyList<Pattern> patterns)
    {
        _patterns = patterns;
        _description = new Description { Name = name };
        _description.Rules.AddRange(patterns
            .DistinctBy(pattern => pattern.RuleId)
            .Select(pattern => new Rule { Id = pattern.RuleId, Summary = pattern.Summary }));
    }

    public override Task<Description> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(_description);

    public override async Task Inspect(IAsyncStreamReader<FileChunk> requestStream, IServerStreamWriter<Finding> responseStream, ServerCallContext context)
    {
        var scanner = new FileScanner(_patterns);
        var order = new ChunkOrder();
        var found = new List<Finding>();

        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var chunk = requestStream.Current;
            if (order.Accept(chunk))
                scanner.Begin(chunk.Path);

            for (var rest = chunk.Data.Memory; !rest.IsEmpty;)
            {
                var slice = rest[..Math.Min(rest.Length, FileScanner.SliceSize)];
                rest = rest[slice.Length..];
                scanner.Scan(slice.Span, found);
                await WriteAsync(found, responseStream, context.CancellationToken);
            }

            if (chunk.Last)
            {
                scanner.End(found);
                await WriteAsync(found, responseStream, context.CancellationToken);
            }
        }

        order.AcceptEnd();
    }

    private static async Task WriteAsync(List<Finding> found, IServerStreamWriter<Finding> stream, CancellationToken cancellationToken)
    {
        foreach (var finding in found)
            await stream.WriteAsync(finding, cancellationToken);
        found.Clear();
    }
}
