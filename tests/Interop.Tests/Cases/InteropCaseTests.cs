namespace Plugwire.Interop.Tests.Cases;

/// <summary>gRPC's interoperability cases, each on each pair of client and server.</summary>
[Trait("gRPC", "interoperability cases")]
public sealed class InteropCaseTests
{
    /// <summary>Each case with each pair that has what it asks for.</summary>
    public static IEnumerable<TheoryDataRow<PairKind, string>> Cases =>
        from kind in Enum.GetValues<PairKind>()
        from item in InteropCases.All
        where Fits(kind, item.Name)
        select new TheoryDataRow<PairKind, string>(kind, item.Name).WithTrait("gRPC", $"interop: {item.Name}");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_OnThePair_Passes(PairKind pair, string name)
    {
        await using var started = await InteropPair.StartAsync(pair);

        await InteropCases.Get(name).RunAsync(started.Invoker, started.Options, TestContext.Current.CancellationToken);
    }

    // A typed contract's stream is compressed as a whole or not at all, and Grpc.Core's context, by which this case has both in one, is not in sight there.
    private static bool Fits(PairKind kind, string name) =>
        name != "server_compressed_streaming"
        || kind is not (PairKind.OursInMemoryTypedService or PairKind.OursOnUnixSocketTypedService or PairKind.GrpcNetClientToOursTypedService);
}
