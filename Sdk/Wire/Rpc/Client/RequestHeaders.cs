using System.Collections.Concurrent;
using System.Reflection;
using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>The header lists of one connection's requests. Most calls of a method send the same, which is made once.</summary>
internal sealed class RequestHeaders(string authority)
{
    private static readonly string UserAgent = "plugwire/" +
        (typeof(RequestHeaders).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    // Bounded by the methods that the application's contracts have.
    private readonly ConcurrentDictionary<string, OutgoingHeaders> _plain = new(StringComparer.Ordinal);

    /// <param name="path">The method's full name.</param>
    /// <param name="host">What :authority says; null for the connection's own.</param>
    /// <param name="timeout">The time the call has; null for no limit.</param>
    /// <param name="encoding">How its messages are compressed; null for not at all.</param>
    /// <param name="metadata">The call's.</param>
    /// <param name="violation">What of the metadata cannot be sent, as a sentence; null when all can.</param>
    public OutgoingHeaders For(string path, string? host, TimeSpan? timeout, string? encoding, Metadata? metadata, out string? violation)
    {
        violation = null;
        if (host is null && timeout is null && encoding is null && metadata is null or { Count: 0 })
            return _plain.TryGetValue(path, out var plain) ? plain : _plain.GetOrAdd(path, Create(path, host));

        var headers = Create(path, host);
        if (timeout is { } time)
            headers.Add(FieldNames.GrpcTimeout, GrpcTimeout.Format(time));
        if (encoding is not null)
            headers.Add(FieldNames.GrpcEncoding, encoding, HeaderIndexing.Index);
        violation = MetadataCodec.Write(metadata, headers);
        return headers;
    }

    private OutgoingHeaders Create(string path, string? host) => new OutgoingHeaders(capacity: 12)
        .Add(FieldNames.Method, "POST", HeaderIndexing.Index)
        .Add(FieldNames.Scheme, "http", HeaderIndexing.Index)
        .Add(FieldNames.Path, path, HeaderIndexing.Index)
        .Add(FieldNames.Authority, host ?? authority, HeaderIndexing.Index)
        .Add(FieldNames.Te, "trailers", HeaderIndexing.Index)
        .Add(FieldNames.ContentType, FieldNames.GrpcContentType, HeaderIndexing.Index)
        .Add(FieldNames.UserAgent, UserAgent, HeaderIndexing.Index)
        .Add(FieldNames.GrpcAcceptEncoding, Gzip.AcceptEncoding, HeaderIndexing.Index);
}
