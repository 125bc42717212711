namespace Plugwire.Wire.Tests.Transports.UnixSockets;

/// <summary>A fresh directory with a path short enough for sockets; gone at the end, with whatever a test has left in it.</summary>
internal sealed class SocketDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pw-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
