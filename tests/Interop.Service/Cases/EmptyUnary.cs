namespace Plugwire.Interop.Cases;

/// <summary>Nothing is sent, and nothing comes back.</summary>
internal sealed class EmptyUnary : InteropCase
{
    public override string Name => "empty_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        Expect.Equal(new Empty(), await run.Client.EmptyCallAsync(new Empty(), run.CallOptions()), "The response");
    }
}
