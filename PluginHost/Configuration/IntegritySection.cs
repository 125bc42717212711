namespace Plugwire.Hosting.Configuration;

/// <summary>The part of <see cref="PluginIntegrityOptions"/> that can be written as text. Null is what was not written.</summary>
internal sealed class IntegritySection
{
    public string? ManifestFile { get; set; }

    public string? ManifestSha256 { get; set; }

    public bool? PrivateCopy { get; set; }

    public string? Directory { get; set; }

    public void ApplyTo(PluginIntegrityOptions options)
    {
        options.ManifestFile = ManifestFile ?? options.ManifestFile;
        options.ManifestSha256 = ManifestSha256 ?? options.ManifestSha256;
        options.PrivateCopy = PrivateCopy ?? options.PrivateCopy;
        options.Directory = Directory ?? options.Directory;
    }
}
