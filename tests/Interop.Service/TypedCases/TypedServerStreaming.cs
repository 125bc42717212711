namespace Plugwire.Interop.TypedCases;

/// <summary>One request, four responses.</summary>
internal sealed class TypedServerStreaming : InteropCase
{
    public override string Name => "typed_server_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters = { new[] { 31_415, 9, 2_653, 58_979 }.Select(size => new ResponseParameters { Size = size }) },
        };
        Expect.Equal("31415 9 2653 58979", await Sizes.ReadAsync(run.Contract.StreamingOutputCallAsync(request, cancellationToken: run.Ended)), "The sizes of the responses");
    }
}
