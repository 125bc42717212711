using System.Security.Cryptography;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Integrity;

/// <summary>The refusals of one start that looks at the plugin's files.</summary>
/// <param name="attempt">Who fails.</param>
internal sealed class IntegrityCheck(PluginStartAttempt attempt)
{
    private const string Changed = "Find out who has changed it. After an upgrade of the plugin, give the host the manifest of the new version.";

    /// <summary>The manifest that the options name; null for none.</summary>
    /// <exception cref="PluginIntegrityException">It cannot be read, or is not the expected one.</exception>
    public PluginManifest? GetManifest(PluginIntegrityOptions options)
    {
        if (options.ManifestFile is not { } file)
            return Pinned(options.Manifest, options.ManifestSha256, "the manifest in the options");

        var path = Path.GetFullPath(file, AppContext.BaseDirectory);
        try
        {
            var json = ManifestJson.ReadFile(path);

            // Before it is looked into: what is not the expected file is nobody's to parse.
            RequirePin(Convert.ToHexStringLower(SHA256.HashData(json)), options.ManifestSha256, path);
            return PluginManifest.Parse(json);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Violation(
                path, $"the manifest '{path}' cannot be used: {failure.Message}", "a manifest of the plugin's files.",
                "Write it by PluginManifest.CreateAsync and WriteAsync, or correct its path in the options.", failure);
        }
    }

    /// <summary>Refuses a file that the manifest does not list.</summary>
    public PluginIntegrityException Unlisted(string file, string directory) => Violation(
        file, $"the file '{file}', which it does not list.", $"no file in '{directory}' but those that the manifest lists.", "Remove the file, or find out who has put it there.");

    /// <summary>Refuses what stands in the place of a file.</summary>
    public PluginIntegrityException NoSuchFile(PluginTreeException found) => Violation(
        found.File, found.Message, "the files that the manifest lists, and nothing else.", Changed, found);

    /// <summary>Refuses a file whose content is another one.</summary>
    public void RequireSame(PluginManifestFile expected, long size, string sha256)
    {
        if (size == expected.Size && sha256 == expected.Sha256)
            return;

        var found = size > expected.Size ? "a file that is longer." : size < expected.Size ? $"{size} bytes." : $"the SHA-256 {sha256}.";
        throw Violation(expected.Path, found, $"the file '{expected.Path}' with {expected.Size} bytes and the SHA-256 {expected.Sha256}.", Changed);
    }

    /// <summary>Refuses a program that was no executable file when the manifest was made.</summary>
    public PluginIntegrityException NotExecutable(string file, Exception refusal) => Violation(
        file, $"the manifest lists '{file}', and not as executable.", "a program that may be executed.",
        "Make the manifest anew on a system that has such a mark (not on Windows), from files that have it.", refusal);

    /// <summary>Says why there is no copy, where no manifest has been hurt.</summary>
    public PluginStartException NotCopied(string directory, Exception failure) => attempt.Fail(
        PluginStartStage.Copy, PluginStartReason.CopyFailed, failure.Message, $"the files of '{directory}', which can be copied into the launch directory.",
        "A copy takes files and directories, no links. See that they can be read, and that there is room for them: LaunchDirectoryRoot names another place for the launch directory.", failure);

    private PluginManifest? Pinned(PluginManifest? manifest, string? pin, string what)
    {
        if (manifest is not null)
            RequirePin(manifest.Sha256, pin, what);
        return manifest;
    }

    private void RequirePin(string found, string? pin, string what)
    {
        if (pin is not null && !found.Equals(pin, StringComparison.OrdinalIgnoreCase))
            throw Violation(what, $"the SHA-256 {found} of {what}.", $"the manifest with the SHA-256 {pin} (ManifestSha256).", Changed);
    }

    private PluginIntegrityException Violation(string file, string found, string expected, string advice, Exception? innerException = null) =>
        new(attempt.Describe(PluginStartStage.Copy, PluginStartReason.IntegrityViolation, found, expected, advice), file, innerException);
}
