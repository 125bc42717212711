using Examples.Inspect.Walking.Linux;

namespace Examples.Inspect.Sarif;

/// <summary>Which file a SARIF file takes the place of.</summary>
internal static class SarifTarget
{
    /// <summary>The absolute path, symlinks at its end followed. Throws <see cref="InspectException"/> when something stands there that must not be replaced.</summary>
    public static string Resolve(string path)
    {
        try
        {
            var target = Path.GetFullPath(path);
            if (new FileInfo(target).LinkTarget is not null)
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target;
            if (Directory.Exists(target))
                throw new InspectException($"The SARIF file '{path}' cannot be written: it is a directory.");
            if (LinuxTreeWalker.IsSupported && Libc.Describe(Libc.CurrentDirectory, TerminatedName.Of(target)) is { Type: not FileType.Regular })
                throw new InspectException($"The SARIF file '{path}' cannot be written: something that is no regular file stands there.");
            if (Path.GetDirectoryName(target) is not { } directory || !Directory.Exists(directory))
                throw new InspectException($"The SARIF file '{path}' cannot be written: there is no directory '{Path.GetDirectoryName(target)}'.");
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InspectException($"The SARIF file '{path}' cannot be written: {exception.Message}");
        }
    }
}
