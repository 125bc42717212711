namespace Plugwire.Hosting;

/// <summary>One file of a <see cref="PluginManifest"/>.</summary>
public sealed class PluginManifestFile
{
    internal PluginManifestFile(string path, long size, string sha256, bool isExecutable)
    {
        Path = path;
        Size = size;
        Sha256 = sha256;
        IsExecutable = isExecutable;
    }

    /// <summary>Where it lies below the plugin's directory, with <c>/</c> between the parts.</summary>
    public string Path { get; }

    /// <summary>In bytes.</summary>
    public long Size { get; }

    /// <summary>The SHA-256 of its content, as 64 small hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Whether it may be executed. The private copy has it from here, not from the file that is copied. Always false in a manifest made on Windows.</summary>
    public bool IsExecutable { get; }
}
