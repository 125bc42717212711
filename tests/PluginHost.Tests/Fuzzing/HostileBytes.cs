using System.Text;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>What a plugin may write: words and bytes of which lines, handshakes and JSON are made, put together at random and damaged.</summary>
internal static class HostileBytes
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "1", "|", "1|1|unix|", "1|1|unix|/tmp/pw/plugin|grpc|", "/../", "grpc", "netrpc", "tcp", "127.0.0.1:80", "true", "2147483648", "\0", "\r\n", "\n", "\n\n", "\t", " ",
            "{", "}", "[", "]", ":", ",", "\"", "{\"@message\":\"m\"}", "\"@message\":", "\"@level\":\"error\"", "\"@timestamp\":\"2026-11-28T00:00:00Z\"", "\"@module\":\"a\\nb\"",
            "\"event_id\":", "\"exception\":\"x\\n at y\"", "\"{OriginalFormat}\":", "\"a\":", "null", "-1.5e300", "1e999", "\"\\ud800\"", "\"\\u0000\\u001b[2J\"", "\u001b[31m", "\u202E", "\u2028", "\u0085", "ä", "漢", "😀",
            "panic: ", "Unhandled exception.", "[ERROR] ", "<html>", "MIIB",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8], [0xEF, 0xBB, 0xBF],
    ];

    public static byte[] Next(Random random, int most)
    {
        using var bytes = new MemoryStream();
        var length = random.Next(most + 1);
        while (bytes.Length < length)
        {
            switch (random.Next(12))
            {
                case 0:
                    bytes.WriteByte((byte)random.Next(256));
                    break;
                case 1:
                    // A long run of one thing: a line without end, or a deep nesting.
                    var word = Words[random.Next(Words.Length)];
                    for (var i = random.Next(1, Math.Max(2, (length - (int)bytes.Length) / word.Length)); i > 0; i--)
                        bytes.Write(word);
                    break;
                default:
                    bytes.Write(Words[random.Next(Words.Length)]);
                    break;
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Something whole, with a few bytes of it changed, taken away or put in.</summary>
    public static byte[] Damage(Random random, ReadOnlySpan<byte> whole)
    {
        var bytes = whole.ToArray().ToList();
        for (var left = random.Next(5); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(8, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                    break;
                default:
                    bytes[at] = (byte)'|';
                    break;
            }
        }

        return [.. bytes];
    }
}
