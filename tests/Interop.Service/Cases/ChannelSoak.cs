namespace Plugwire.Interop.Cases;

/// <summary>Many calls, each on a connection of its own.</summary>
internal sealed class ChannelSoak : InteropCase
{
    public override string Name => "channel_soak";

    protected override async Task RunAsync(InteropRun run)
    {
        var connect = run.Options.Connect
            ?? throw new InteropException($"Expected {nameof(InteropOptions)}.{nameof(InteropOptions.Connect)}, which opens one more connection, found null: set it.");
        await Soak.RunAsync(run, async token =>
        {
            await using var channel = await connect(token);
            return await new TestService.TestServiceClient(channel.Invoker).UnaryCallAsync(Soak.Request(), cancellationToken: token);
        });
    }
}
