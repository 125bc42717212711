namespace Plugwire.ForeignPeers.Tests;

/// <summary>Where the programs of these tests are.</summary>
internal static class Programs
{
    /// <summary>Set by the run of CI, which installs all peers: one that is not there fails its tests then.</summary>
    public const string RequireVariable = "PLUGWIRE_REQUIRE_PEERS";

    /// <summary>The system's own, for which the distribution packages grpcio.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    private static readonly string Artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>The peers are run where they are written: Node.js looks for packages beside its programs.</summary>
    public static string Peers { get; } = Path.Combine(Artifacts, "..", "..", "tests", "ForeignPeers.Tests", "Peers");

    public static string Protos { get; } = Path.Combine(Artifacts, "..", "..", "tests", "Interop.Service", "protos");

    public static string NodePackages { get; } = Path.Combine(Peers, "node", "node_modules");

    public static string Buf { get; } = Path.Combine(NodePackages, ".bin", "buf");

    public static string WireTarget { get; } = Path.Combine(Artifacts, "Plugwire.WireTarget", Configuration, "Plugwire.WireTarget");

    /// <summary>The program of this name on the path; null when there is none.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test for this reason, or fails it where all peers have to be there. Null: goes on.</summary>
    public static void Require(string? missing)
    {
        if (missing is null)
            return;

        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
            Assert.Fail($"{missing} {RequireVariable} is set, so that is an error.");
        Assert.Skip(missing);
    }
}
