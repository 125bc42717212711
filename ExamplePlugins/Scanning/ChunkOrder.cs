using Examples.Inspection;
using Google.Protobuf;
using Grpc.Core;

namespace Examples.Scanning;

/// <summary>
/// The order in which the chunks of a call may come:
/// <code>
///   between files ──path──▶ in a file ──no path──▶ in a file
///         ▲                     │
///         └───────last──────────┘        the stream ends between files only
/// </code>
/// </summary>
public sealed class ChunkOrder
{
    /// <summary>The longest path taken, in bytes.</summary>
    public const int MaxPathLength = 1024 * 1024;

    private const int MaxShownPath = 200;

    private ByteString? _openFile;
    private long _chunks;

    /// <summary>Takes the next chunk; true when a file begins with it. Throws <c>INVALID_ARGUMENT</c> when it must not come here.</summary>
    public bool Accept(FileChunk chunk)
    {
        _chunks++;
        var begins = !chunk.Path.IsEmpty;
        if (begins && _openFile is not null)
            throw Refused($"begins the file '{Shown(chunk.Path)}' while '{Shown(_openFile)}' is still open: no chunk of it was marked as the last");
        if (!begins && _openFile is null)
            throw Refused("has no path, but no file is open: the first chunk of a file carries its path");
        if (chunk.Path.Length > MaxPathLength)
            throw Refused($"has a path of {chunk.Path.Length} bytes: the limit is {MaxPathLength}");

        if (begins)
            _openFile = chunk.Path;
        if (chunk.Last)
            _openFile = null;
        return begins;
    }

    /// <summary>The stream has ended. Throws <c>INVALID_ARGUMENT</c> when it ended in the middle of a file.</summary>
    public void AcceptEnd()
    {
        if (_openFile is not null)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The stream ended after {_chunks} chunks in the middle of the file '{Shown(_openFile)}': no chunk of it was marked as the last."));
    }

    private RpcException Refused(string why) => new(new Status(StatusCode.InvalidArgument, $"Chunk {_chunks} {why}."));

    private static string Shown(ByteString path) =>
        System.Text.Encoding.UTF8.GetString(path.Span[..Math.Min(path.Length, MaxShownPath)]) + (path.Length > MaxShownPath ? "…" : "");
}
