using Plugwire.Interop.Cases;
using Plugwire.Interop.TypedCases;

namespace Plugwire.Interop;

/// <summary>The cases, by what they ask of client and server.</summary>
public static class InteropCases
{
    /// <summary>Those that any client and any server pass, whatever they are written in.</summary>
    public static IReadOnlyList<InteropCase> Common { get; } =
    [
        new EmptyUnary(),
        new LargeUnary(),
        new ClientStreaming(),
        new ServerStreaming(),
        new PingPong(),
        new EmptyStream(),
        new CancelAfterBegin(),
        new CancelAfterFirstResponse(),
        new TimeoutOnSleepingServer(),
        new CustomMetadata(),
        new StatusCodeAndMessage(),
        new SpecialStatusMessage(),
        new UnimplementedMethod(),
        new UnimplementedServiceCase(),
        new UnaryMaxSize(),
        new RpcSoak(),
        new ChannelSoak(),
    ];

    /// <summary>Those of a feature that not every server has: gzip, and <c>HalfDuplexCall</c>.</summary>
    public static IReadOnlyList<InteropCase> Optional { get; } =
    [
        new HalfDuplex(),
        new ClientCompressedUnary(),
        new ClientCompressedStreaming(),
        new ServerCompressedUnary(),
        new ServerCompressedStreaming(),
    ];

    /// <summary>Those of a server that sees whether a request was compressed.</summary>
    public static IReadOnlyList<InteropCase> Probes { get; } = [new ClientCompressedUnaryProbe(), new ClientCompressedStreamingProbe()];

    /// <summary>All of those on the classic stub.</summary>
    public static IReadOnlyList<InteropCase> Classic { get; } = [.. Common, .. Optional, .. Probes];

    /// <summary>Those on the typed contract. A stream of it is compressed as a whole or not at all, so the cases with both in one stream are none of these.</summary>
    public static IReadOnlyList<InteropCase> Typed { get; } =
    [
        new TypedUnary(),
        new TypedClientStreaming(),
        new TypedServerStreaming(),
        new TypedPingPong(),
        new TypedEmptyStream(),
        new TypedClientCompressedUnary(),
        new TypedServerCompressedUnary(),
        new TypedCancelAfterBegin(),
        new TypedCancelAfterFirstResponse(),
        new TypedTimeoutOnSleepingServer(),
        new TypedCustomMetadata(),
        new TypedStatuses(),
    ];

    /// <summary>All there are.</summary>
    public static IReadOnlyList<InteropCase> All { get; } = [.. Classic, .. Typed];

    /// <summary>The case of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static InteropCase Get(string name) =>
        All.FirstOrDefault(item => item.Name == name) ?? throw new ArgumentException($"There is no case '{name}'; there are {string.Join(", ", All)}.", nameof(name));
}
