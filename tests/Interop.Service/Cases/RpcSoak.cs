namespace Plugwire.Interop.Cases;

/// <summary>Many calls on one connection.</summary>
internal sealed class RpcSoak : InteropCase
{
    public override string Name => "rpc_soak";

    protected override async Task RunAsync(InteropRun run)
    {
        await Soak.RunAsync(run, token => run.Client.UnaryCallAsync(Soak.Request(), cancellationToken: token).ResponseAsync);
    }
}
