using Examples.Inspection;
using Examples.Scanning;
using Google.Protobuf;

namespace Examples.Tests.Scanning;

/// <summary>Scans bytes that come in pieces of given sizes, over and over.</summary>
internal static class ScannerRun
{
    public static List<Finding> Scan(IEnumerable<Pattern> patterns, ReadOnlySpan<byte> bytes, params IReadOnlyList<int> pieces)
    {
        var scanner = new FileScanner(patterns);
        var found = new List<Finding>();
        scanner.Begin(ByteString.CopyFromUtf8("file"));
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var size = pieces.Count == 0 ? FileScanner.SliceSize : Math.Clamp(pieces[i % pieces.Count], 1, FileScanner.SliceSize);
            size = Math.Min(size, bytes.Length);
            scanner.Scan(bytes[..size], found);
            bytes = bytes[size..];
        }

        scanner.End(found);
        return found;
    }
}
