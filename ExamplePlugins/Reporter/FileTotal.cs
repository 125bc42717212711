using Google.Protobuf;

namespace Examples.Reporting;

/// <summary>One file's findings so far.</summary>
internal sealed class FileTotal(ByteString path)
{
    public ByteString Path { get; } = path;

    public long Findings { get; set; }

    /// <summary>A bit for each rule that found something.</summary>
    public ulong Rules { get; set; }
}
