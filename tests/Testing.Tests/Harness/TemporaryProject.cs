namespace Plugwire.Testing.Tests.Harness;

/// <summary>A project of one file, outside of the solution and of its build's rules.</summary>
internal sealed class TemporaryProject : IDisposable
{
    public TemporaryProject(string project, string program)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("plugwire-tests-").FullName;
        File = Path.Combine(Directory, "Subject.csproj");
        System.IO.File.WriteAllText(File, project);
        System.IO.File.WriteAllText(Path.Combine(Directory, "Program.cs"), program);
    }

    public string Directory { get; }

    public string File { get; }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
