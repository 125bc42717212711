using Plugwire.Interop.Cases;

namespace Plugwire.Interop;

/// <summary>The cases on the classic stub.</summary>
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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<InteropCase> All { get; } = [.. Common, .. Optional, .. Probes];

    /// <summary>The case of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static InteropCase Get(string name) =>
        All.FirstOrDefault(item => item.Name == name) ?? throw new ArgumentException($"There is no case '{name}'; there are {string.Join(", ", All)}.", nameof(name));
}
