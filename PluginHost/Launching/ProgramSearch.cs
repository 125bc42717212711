using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching;

/// <summary>Finds programs where a shell would find them, and dotnet where .NET itself would.</summary>
internal sealed class ProgramSearch(Func<string, string?> variable)
{
    private static readonly string[] UsualDotnetDirectories =
        OperatingSystem.IsWindows() ? [@"C:\Program Files\dotnet"]
        : OperatingSystem.IsMacOS() ? ["/usr/local/share/dotnet"]
        : ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet"];

    private static string DotnetName => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>The search path as it stands in the environment.</summary>
    public string Path => variable("PATH") ?? "";

    /// <summary>The first executable file of that name; null when there is none. An empty or relative entry of the path is passed over: it would mean whatever directory the host stands in.</summary>
    public string? Find(string name)
    {
        foreach (var directory in Path.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!System.IO.Path.IsPathFullyQualified(directory))
                continue;
            foreach (var candidate in Candidates(System.IO.Path.Combine(directory, name)))
            {
                if (File.Exists(candidate) && ProgramFile.IsExecutable(candidate))
                    return candidate;
            }
        }

        return null;
    }

    /// <summary>What the user has said by DOTNET_ROOT comes first, then what the host itself runs on, so that host and plugin agree on the runtimes there are.</summary>
    public string? FindDotnet()
    {
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToUpperInvariant();
        string?[] said = [variable($"DOTNET_ROOT_{architecture}"), variable("DOTNET_ROOT")];
        return said.Select(InDirectory).FirstOrDefault(IsFile)
            ?? new[] { variable("DOTNET_HOST_PATH"), OwnMuxer() }.FirstOrDefault(IsFile)
            ?? Find("dotnet")
            ?? UsualDotnetDirectories.Select(InDirectory).FirstOrDefault(IsFile);
    }

    private static bool IsFile(string? path) => path is not null && System.IO.Path.IsPathFullyQualified(path) && File.Exists(path);

    private static string? InDirectory(string? directory) => string.IsNullOrEmpty(directory) ? null : System.IO.Path.Combine(directory, DotnetName);

    // The host's own runtime lies in <root>/shared/Microsoft.NETCore.App/<version>/. A self-contained host has none.
    private static string? OwnMuxer()
    {
        var shared = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent;
        return shared is { Name: "shared", Parent: { } root } ? InDirectory(root.FullName) : null;
    }

    private static IEnumerable<string> Candidates(string path)
    {
        if (OperatingSystem.IsWindows() && !System.IO.Path.HasExtension(path))
            yield return path + ".exe";
        yield return path;
    }
}
