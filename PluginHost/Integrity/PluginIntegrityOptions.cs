namespace Plugwire.Hosting;

/// <summary>
/// Which files of a plugin are run: by default those that lie where the program does. With a manifest, or with <see cref="PrivateCopy"/>, each start copies them into its launch directory, where nobody but this
/// user gets at them, and runs the copy; it goes with the launch.
/// </summary>
/// <remarks>
/// The copy takes the room that the plugin takes, once for each plugin that runs, in the file system of <see cref="PluginOptions.LaunchDirectoryRoot"/>. What a plugin writes beside its program goes with the copy.
/// Copying counts for <see cref="PluginOptions.StartTimeout"/>.
/// </remarks>
public sealed class PluginIntegrityOptions
{
    internal PluginIntegrityOptions()
    {
    }

    /// <summary>
    /// The files that may run, with their hashes. A start refuses everything that differs: a changed, missing or further file, a link, a pipe or a device, with a <see cref="PluginIntegrityException"/>; and it checks the very
    /// bytes that then run, so that no swap at any moment helps. Null, the default, checks nothing, unless there is a <see cref="ManifestFile"/>.
    /// </summary>
    public PluginManifest? Manifest { get; set; }

    /// <summary>
    /// The file of the manifest, which is read at each start, in place of <see cref="Manifest"/>. A path that is not absolute begins in the directory of the host's program. Whoever can write to it
    /// decides what runs, unless <see cref="ManifestSha256"/> says which one it is. Null, the default, is none.
    /// </summary>
    public string? ManifestFile { get; set; }

    /// <summary>The SHA-256 that the manifest must have, as 64 hexadecimal digits (<see cref="PluginManifest.Sha256"/>). Null, the default, takes any manifest.</summary>
    public string? ManifestSha256 { get; set; }

    /// <summary>
    /// Whether a copy is run without a manifest, too. It keeps a running plugin from harm when its directory is written over or removed, as by an upgrade: programs load much of their code late. False by default; a manifest
    /// implies it.
    /// </summary>
    public bool PrivateCopy { get; set; }

    /// <summary>
    /// The plugin's directory: what is copied, and what a manifest lists. The program lies in it or below. A path that is not absolute begins in the directory of the host's program. Null, the default, is the
    /// directory in which the program lies.
    /// </summary>
    public string? Directory { get; set; }

    internal bool MakesCopy => PrivateCopy || Manifest is not null || ManifestFile is not null;

    internal PluginIntegrityOptions Copy() => (PluginIntegrityOptions)MemberwiseClone();
}
