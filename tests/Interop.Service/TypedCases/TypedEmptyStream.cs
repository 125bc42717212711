namespace Plugwire.Interop.TypedCases;

/// <summary>A stream without a message either way.</summary>
internal sealed class TypedEmptyStream : InteropCase
{
    public override string Name => "typed_empty_stream";

    protected override async Task RunAsync(InteropRun run)
    {
        var responses = run.Contract.FullDuplexCallAsync(Sizes.StreamAsync<StreamingOutputCallRequest>(), cancellationToken: run.Ended);
        Expect.Equal("", await Sizes.ReadAsync(responses), "The sizes of the responses");
    }
}
