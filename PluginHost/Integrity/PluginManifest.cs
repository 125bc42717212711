using System.Security.Cryptography;
using Plugwire.Hosting.Integrity;

namespace Plugwire.Hosting;

/// <summary>
/// All files of a plugin's directory, each with its size and its SHA-256. A host that is given one (<see cref="PluginIntegrityOptions.Manifest"/>) runs these bytes or none: it copies the files
/// into a private directory, checks what it copies, and starts the copy. Immutable.
/// </summary>
/// <remarks>
/// Its form is JSON with one spelling alone, sorted by path, so that it can be compared, read in a review, and pinned by its own hash: <see cref="Sha256"/> is what <c>sha256sum</c> says of the file.
/// A manifest lists files. Links, pipes, sockets and devices cannot be listed, and what a plugin needs beside its own directory (the .NET runtime, Python, Node.js, the system's libraries) is not in it.
/// </remarks>
public sealed class PluginManifest
{
    /// <summary>The usual name of a manifest's file. A file of that name directly in the plugin's directory is never listed, and never copied.</summary>
    public const string FileName = "plugin.manifest.json";

    /// <summary>The most files that a plugin may have.</summary>
    public const int MaxFiles = 65_536;

    /// <summary>The most bytes that all files of a plugin may have together: 4 GiB.</summary>
    public const long MaxTotalSize = 4L * 1024 * 1024 * 1024;

    private readonly byte[] _json;

    internal PluginManifest(IEnumerable<PluginManifestFile> files)
    {
        Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        _json = ManifestJson.Write(Files);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(_json));
    }

    /// <summary>The files, sorted by their paths (ordinally).</summary>
    public IReadOnlyList<PluginManifestFile> Files { get; }

    /// <summary>The manifest's own SHA-256, as 64 small hexadecimal digits: of the bytes that <see cref="ToUtf8Json"/> gives and <see cref="WriteAsync"/> writes. It stands for the whole plugin.</summary>
    public string Sha256 { get; }

    /// <summary>Lists a directory with all that is below it, and reads every file in it once.</summary>
    /// <param name="directory">The plugin's directory, as it is to be run: after its build or its installation. A path that is not absolute begins in the current directory.</param>
    /// <param name="cancellationToken">Ends the work between two blocks of a file.</param>
    /// <exception cref="IOException">The directory or something in it cannot be read, is a link or another thing than a file, or there is more than <see cref="MaxFiles"/> or <see cref="MaxTotalSize"/>; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">Something in it may not be read.</exception>
    public static Task<PluginManifest> CreateAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Task.Run(() => Create(Path.GetFullPath(directory), cancellationToken), cancellationToken);
    }

    /// <summary>Reads a manifest from its JSON form.</summary>
    /// <param name="utf8Json">As <see cref="ToUtf8Json"/> gives it, to the byte.</param>
    /// <exception cref="InvalidDataException">It is no manifest, or not in its one form; the message says what is wrong.</exception>
    public static PluginManifest Parse(ReadOnlyMemory<byte> utf8Json)
    {
        var manifest = new PluginManifest(ManifestJson.Read(utf8Json));
        return manifest._json.AsSpan().SequenceEqual(utf8Json.Span)
            ? manifest
            : throw new InvalidDataException("The manifest is not in the one form that a manifest has: something has changed its spelling, such as its line ends or the order of its files. Write it anew.");
    }

    /// <summary>Reads a manifest from its file.</summary>
    /// <param name="path">The file. A path that is not absolute begins in the current directory.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidDataException">It is no manifest; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Task<PluginManifest> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Parse(ManifestJson.ReadFile(path)), cancellationToken);
    }

    /// <summary>The JSON form, which is the same for the same files on every system.</summary>
    public byte[] ToUtf8Json() => [.. _json];

    /// <summary>Writes the JSON form to a file, which is replaced.</summary>
    /// <param name="path">The file. A path that is not absolute begins in the current directory.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then incomplete.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public Task WriteAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.WriteAllBytesAsync(path, _json, cancellationToken);
    }

    private static PluginManifest Create(string directory, CancellationToken cancellationToken)
    {
        var files = new List<PluginManifestFile>();
        var left = MaxTotalSize;
        foreach (var path in PluginTree.Files(directory, cancellationToken))
        {
            if (ManifestPath.FindMistake(path) is { } mistake)
                throw new PluginTreeException(path, $"the file '{path}' cannot be listed: {mistake}");

            using var file = SourceFile.Open(directory, path);
            var (size, sha256) = FilePass.Run(file, target: null, left, cancellationToken);
            left -= size;
            if (left < 0)
                throw PluginTreeException.TooLarge(path);
            files.Add(new PluginManifestFile(path, size, sha256, SourceFile.IsExecutable(file)));
        }

        return new PluginManifest(files);
    }
}
