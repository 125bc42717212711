using Google.Protobuf.Reflection;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

/// <summary>What of a conversation a transcript holds. Not to be changed while something is recorded or replayed with it.</summary>
public sealed class TranscriptOptions
{
    /// <summary>
    /// The headers and trailers that are left out, in any case of letters. At first those that differ from call to call: of traces (<c>traceparent</c>, <c>tracestate</c>, <c>baggage</c>,
    /// <c>grpc-trace-bin</c>), <c>date</c> and <c>user-agent</c>.
    /// </summary>
    public ISet<string> IgnoredHeaders { get; } =
        new HashSet<string>(["traceparent", "tracestate", "baggage", "grpc-trace-bin", "date", "user-agent"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The fields of messages that are left out, wherever they stand, by their names in JSON (<c>elapsedMs</c>): times, durations, identifiers. Empty by default.</summary>
    public ISet<string> IgnoredFields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Changes a line before it is written or compared, such as the detail of a status that has a path in it: gets the kind (<c>request</c>, <c>response</c>, <c>status</c>, <c>header</c>, …) and what
    /// follows it, and returns what is to follow it. Null, the default, changes nothing.
    /// </summary>
    public Func<string, string, string>? Normalize { get; set; }

    /// <summary>The types that a <c>google.protobuf.Any</c> in a message may hold; empty by default.</summary>
    public TypeRegistry Types { get; set; } = TypeRegistry.Empty;

    internal TranscriptMessages Messages => new(this);
}
