using System.Buffers;
using System.Text.Json;

namespace Plugwire.Hosting.Integrity;

/// <summary>The JSON form of a manifest.</summary>
internal static class ManifestJson
{
    private const int Version = 1;
    private const int MostBytes = 64 * 1024 * 1024;
    private const int DigitsOfSha256 = 64;

    public static byte[] Write(IReadOnlyList<PluginManifestFile> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 2, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteStartArray("files");
            foreach (var file in files)
            {
                writer.WriteStartObject();
                writer.WriteString("path", file.Path);
                writer.WriteNumber("size", file.Size);
                writer.WriteString("sha256", file.Sha256);
                if (file.IsExecutable)
                    writer.WriteBoolean("executable", true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whoever calls compares the bytes with those that <see cref="Write"/> makes of the result, so that nothing passes unread.</summary>
    /// <exception cref="InvalidDataException">It is no manifest.</exception>
    public static IReadOnlyList<PluginManifestFile> Read(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            if (root.GetProperty("version").GetInt32() is var version && version != Version)
                throw new InvalidDataException($"The manifest has version {version}; this host knows version {Version}.");

            var list = root.GetProperty("files");
            if (list.GetArrayLength() > PluginManifest.MaxFiles)
                throw new InvalidDataException($"The manifest lists {list.GetArrayLength()} files. At most {PluginManifest.MaxFiles} are possible.");
            var files = list.EnumerateArray().Select(Read).ToArray();
            Check(files);
            return files;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The manifest is no JSON of a manifest's form: {failure.Message}", failure);
        }
    }

    /// <exception cref="IOException">It cannot be read, or is longer than any manifest.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        var block = new byte[16 * 1024];
        while (file.Read(block) is var count && count > 0)
        {
            if (bytes.Length + count > MostBytes)
                throw new InvalidDataException($"'{path}' is longer than {MostBytes} bytes, which no manifest is.");
            bytes.Write(block, 0, count);
        }

        return bytes.ToArray();
    }

    private static PluginManifestFile Read(JsonElement file) => new(
        file.GetProperty("path").GetString()!,
        file.GetProperty("size").GetInt64(),
        file.GetProperty("sha256").GetString()!,
        file.TryGetProperty("executable", out var executable) && executable.GetBoolean());

    private static void Check(PluginManifestFile[] files)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var left = PluginManifest.MaxTotalSize;
        foreach (var file in files)
        {
            if (file.Path is null || ManifestPath.FindMistake(file.Path) is not null)
                throw new InvalidDataException($"The manifest lists '{file.Path}': {(file.Path is null ? "a path is text." : ManifestPath.FindMistake(file.Path))}");
            if (!known.Add(file.Path))
                throw new InvalidDataException($"The manifest lists '{file.Path}' more than once.");
            if (!IsSha256(file.Sha256))
                throw new InvalidDataException($"The manifest has '{file.Sha256}' for '{file.Path}'. A SHA-256 is {DigitsOfSha256} small hexadecimal digits.");
            if (file.Size < 0 || (left -= file.Size) < 0)
                throw new InvalidDataException($"The manifest has {file.Size} bytes for '{file.Path}'. All files have at most {PluginManifest.MaxTotalSize} bytes together.");
        }
    }

    public static bool IsSha256(string? text) => text is { Length: DigitsOfSha256 } && text.All(char.IsAsciiHexDigitLower);
}
