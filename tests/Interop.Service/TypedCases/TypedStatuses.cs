using Grpc.Core;

namespace Plugwire.Interop.TypedCases;

/// <summary>Statuses with their texts, and a method and a service that nobody implements.</summary>
internal sealed class TypedStatuses : InteropCase
{
    public override string Name => "typed_statuses";

    protected override async Task RunAsync(InteropRun run)
    {
        foreach (var message in new[] { "test status message", "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n" })
        {
            var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };
            var unary = run.Contract.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, cancellationToken: run.Ended).AsTask();
            await Expect.FailureAsync(unary, StatusCode.Unknown, message);
            var duplex = run.Contract.FullDuplexCallAsync(Sizes.StreamAsync(new StreamingOutputCallRequest { ResponseStatus = status }), cancellationToken: run.Ended);
            await Expect.FailureAsync(Sizes.ReadAsync(duplex), StatusCode.Unknown, message);
        }

        await Expect.FailureAsync(run.Contract.UnimplementedCallAsync(new Empty(), cancellationToken: run.Ended).AsTask(), StatusCode.Unimplemented);
        var nobody = Typed<IUnimplementedService>.Create(run.Invoker);
        await Expect.FailureAsync(nobody.UnimplementedCallAsync(new Empty(), cancellationToken: run.Ended).AsTask(), StatusCode.Unimplemented);
    }
}
