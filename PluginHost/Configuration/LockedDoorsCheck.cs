using System.Globalization;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Limits;

namespace Plugwire.Hosting.Configuration;

/// <summary>What is wrong with the options that say which files run and what they may use up.</summary>
internal static class LockedDoorsCheck
{
    private const int FewestOpenFiles = 32;
    private const long SmallestHeap = 16L * 1024 * 1024;
    private const int HighestOomScore = 1000;
    private const int DigitsOfSha256 = 64;

    public static void Check(PluginOptions options, List<string> mistakes)
    {
        mistakes.AddRange(OfManifest(options.Integrity));
        mistakes.AddRange(OfDirectory(options));
        mistakes.AddRange(OfLimits(options));
    }

    private static IEnumerable<string> OfManifest(PluginIntegrityOptions integrity)
    {
        if (integrity is { Manifest: not null, ManifestFile: not null })
            yield return "Integrity has both Manifest and ManifestFile. One of them says what may run.";
        if (integrity.ManifestFile is { } file && !IsPath(file))
            yield return $"Integrity.ManifestFile is '{Show(file)}'. It is the path of a manifest, or null for none.";
        if (integrity.ManifestSha256 is { } pin && !(pin.Length == DigitsOfSha256 && pin.All(char.IsAsciiHexDigit)))
            yield return $"Integrity.ManifestSha256 is '{Show(pin)}'. A SHA-256 is {DigitsOfSha256} hexadecimal digits.";
        if (integrity is { ManifestSha256: not null, Manifest: null, ManifestFile: null })
            yield return "Integrity.ManifestSha256 is set, and there is no manifest. Set ManifestFile or Manifest too.";
    }

    private static IEnumerable<string> OfDirectory(PluginOptions options)
    {
        var integrity = options.Integrity;
        if (integrity.Directory is { } directory && !IsPath(directory))
        {
            yield return $"Integrity.Directory is '{Show(directory)}'. It is the path of the plugin's directory, or null for that of its program.";
        }
        else if (integrity is { Directory: not null, MakesCopy: false })
        {
            yield return "Integrity.Directory is set, and nothing is copied. Set a manifest or PrivateCopy too.";
        }
        else if (integrity.MakesCopy && IsPath(options.FileName))
        {
            if (options.Runner == PluginRunner.OwnProcess && PluginCommand.IsSearchedFor(options.FileName))
                yield return $"FileName is '{options.FileName}', a program of the search path, and Integrity asks for a copy of the plugin's files. Name the plugin by its path.";
            else if (integrity.Directory is not null && !LiesIn(options.FileName, integrity.Directory))
                yield return $"FileName is '{options.FileName}', which is not below Integrity.Directory, '{integrity.Directory}'.";
        }
    }

    private static IEnumerable<string> OfLimits(PluginOptions options)
    {
        var limits = options.Limits;
        if (limits.OpenFiles < FewestOpenFiles)
            yield return Invariant($"Limits.OpenFiles is {limits.OpenFiles}. It is at least {FewestOpenFiles}, or null; a .NET plugin has more than 100 open when it has started.");
        if (limits.ManagedHeap < SmallestHeap)
            yield return Invariant($"Limits.ManagedHeap is {limits.ManagedHeap}. It is a number of bytes, at least {SmallestHeap}, or null.");
        if (limits.OomScoreAdjustment is < 0 or > HighestOomScore)
            yield return Invariant($"Limits.OomScoreAdjustment is {limits.OomScoreAdjustment}. It is 0 to {HighestOomScore}: a plugin is not to outlive its host.");
        if (limits.ManagedHeap is not null && options.Environment.ContainsKey(RuntimeVariables.HeapLimit))
            yield return $"Environment sets '{RuntimeVariables.HeapLimit}', which Limits.ManagedHeap sets too. One of them is enough.";
    }

    private static bool LiesIn(string file, string directory)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(directory, AppContext.BaseDirectory), Path.GetFullPath(file, AppContext.BaseDirectory));
        return !Path.IsPathRooted(relative) && relative != "." && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static bool IsPath(string? text) => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static string Show(string text) => Failures.PrintableText.Of(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
