using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting;

/// <summary>
/// A plugin did not start, because its files are not those of its manifest, or the manifest is not the one that the host expects. None of its code has run, and nothing of the start is left. The message
/// says what was expected and what was found.
/// </summary>
public sealed class PluginIntegrityException : PluginStartException
{
    internal PluginIntegrityException(PluginStartFailure failure, string file, Exception? innerException = null)
        : base(failure, innerException) => File = file;

    /// <summary>The file that is not as it should be: its path below the plugin's directory, or the path of the manifest.</summary>
    public string File { get; }
}
