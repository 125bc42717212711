using Plugwire.Hosting.Launching;

namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>The plugin's process, as the host that is to go wrong treats it.</summary>
internal sealed class FaultyChild(ChildProcess child, ChildFault fault) : ChildProcess
{
    private const int SigKill = 9;

    public Stream Output { get; init; } = child.StandardOutput;

    public Stream Error { get; init; } = child.StandardError;

    public override int Id => child.Id;

    public override Stream StandardInput => child.StandardInput;

    public override Stream StandardOutput => Output;

    public override Stream StandardError => Error;

    public override Task<ChildExit> Exited => child.Exited;

    public override void Terminate()
    {
        if (fault != ChildFault.IsLeft)
            child.Terminate();
    }

    public override bool TrySignal(int signal) => child.TrySignal(signal);

    public override void Kill()
    {
        if (fault == ChildFault.EndsAlone)
            child.TrySignal(SigKill);
        else if (fault != ChildFault.IsLeft)
            child.Kill();
    }

    public override async ValueTask DisposeAsync()
    {
        switch (fault)
        {
            case ChildFault.IsLeft:
                break;
            case ChildFault.EndsAlone:
                Kill();
                await child.Exited;
                break;
            case ChildFault.HasItsOutputReadToTheEnd:
                // Its own end has been let go of; what it has started holds the other.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
                break;
            default:
                await child.DisposeAsync();
                break;
        }
    }
}
