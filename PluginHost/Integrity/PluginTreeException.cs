namespace Plugwire.Hosting.Integrity;

/// <summary>What lies in a plugin's directory can be no part of the plugin.</summary>
/// <param name="file">Its path below that directory.</param>
/// <param name="message">What is wrong with it, as a sentence.</param>
internal sealed class PluginTreeException(string file, string message) : IOException(message)
{
    public string File { get; } = file;

    public static PluginTreeException Missing(string file) => new(file, $"there is no file '{file}'.");

    public static PluginTreeException Link(string file) => new(file, $"'{file}' is a link.");

    public static PluginTreeException NoFile(string file) => new(file, $"'{file}' is no file: a pipe, a socket or a device.");

    public static PluginTreeException TooMany(string file) => new(file, $"there is more than {PluginManifest.MaxFiles} files and directories: '{file}' is the next.");

    public static PluginTreeException TooLarge(string file) => new(file, $"the files are larger than {PluginManifest.MaxTotalSize} bytes together: '{file}' is the next.");
}
