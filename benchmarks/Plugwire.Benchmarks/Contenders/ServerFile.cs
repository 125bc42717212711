namespace Plugwire.Benchmarks.Contenders;

/// <summary>Where the build has put the servers' programs: beside this one, each in a directory of its own.</summary>
internal static class ServerFile
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Throws <see cref="BenchmarkException"/> when it is not there.</summary>
    public static string Of(string project)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Configuration, project));
        return File.Exists(path)
            ? path
            : throw new BenchmarkException($"The server's program '{path}' does not exist. Run the benchmarks where they were built: dotnet run -c Release --project benchmarks/Plugwire.Benchmarks");
    }
}
