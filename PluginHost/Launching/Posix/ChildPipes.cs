namespace Plugwire.Hosting.Launching.Posix;

/// <summary>The three pipes between the host and a child: each has the child's end and ours.</summary>
internal sealed class ChildPipes : IDisposable
{
    private readonly List<PosixPipe> _pipes = new(3);

    /// <exception cref="PosixException">There is no descriptor left.</exception>
    public ChildPipes()
    {
        try
        {
            while (_pipes.Count < 3)
                _pipes.Add(PosixPipe.Create());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PosixPipe Input => _pipes[0];

    public PosixPipe Output => _pipes[1];

    public PosixPipe Error => _pipes[2];

    /// <summary>Once the child has them: a pipe's end is seen only when nobody holds its other side.</summary>
    public void CloseChildEnds()
    {
        Input.Reader.Dispose();
        Output.Writer.Dispose();
        Error.Writer.Dispose();
    }

    public void Dispose()
    {
        foreach (var pipe in _pipes)
            pipe.Dispose();
    }
}
