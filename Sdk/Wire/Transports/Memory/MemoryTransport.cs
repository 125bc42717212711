using System.IO.Pipelines;

namespace Plugwire.Wire.Transports.Memory;

/// <summary>Connections within one process, with the behaviour of a socket: bounded, and ended by either side.</summary>
internal static class MemoryTransport
{
    // A reader that stops stops its writer after this much, as a socket's buffer does.
    private const int PauseWriterAt = 64 * 1024;
    private const int ResumeWriterAt = PauseWriterAt / 2;

    public static (TransportConnection Client, TransportConnection Server) CreatePair(string address = "memory")
    {
        var toServer = CreatePipe();
        var toClient = CreatePipe();
        return (
            new TransportConnection(new DuplexPipeStream(toClient.Reader, toServer.Writer), address),
            new TransportConnection(new DuplexPipeStream(toServer.Reader, toClient.Writer), address));
    }

    private static Pipe CreatePipe() =>
        new(new PipeOptions(pauseWriterThreshold: PauseWriterAt, resumeWriterThreshold: ResumeWriterAt, useSynchronizationContext: false));
}
