using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Workloads;
using static Plugwire.Benchmarks.Contenders.ContenderName;

namespace Plugwire.Benchmarks.Shapes;

/// <summary>Everything that is measured, with the goals.</summary>
internal static class AllShapes
{
    private const int LargeBlock = 64 * 1024;
    private const int SmallBlock = 16;

    // In time, and what that is in operations a second.
    private const double TypedTime = 1.1;
    private const double TypedRate = 1 / TypedTime;
    private const double CallbackTime = 1.2;
    private const double CallbackRate = 1 / CallbackTime;

    private static readonly ContenderName[] Calls = [Classic, Typed, GrpcDotnet];

    public static IReadOnlyList<Shape> All { get; } =
    [
        new(Unary(size: 0, inFlight: 1), [.. Calls, Callback, RawSocket],
            new Row("unary, 0 B, one at a time", FigureUnit.Microseconds,
                Comparison.Ratio(Classic, GrpcDotnet, Goal.AtMost(0.4)),
                Comparison.Ratio(Classic, RawSocket, Goal.AtMost(1.6)),
                Comparison.Ratio(Typed, Classic, Goal.AtMost(TypedTime)),
                Comparison.Ratio(Callback, Typed, Goal.AtMost(CallbackTime))),
            new Row("unary, 0 B, one at a time: allocated", FigureUnit.AllocatedBytes,
                Comparison.Ratio(Classic, GrpcDotnet),
                Comparison.Excess(Classic, BlockSize.BytesPerEcho, "messages", Goal.AtMost(600)),
                Comparison.Excess(Typed, Classic, Goal.AtMost(200)))),
        new(Unary(size: 0, inFlight: 64), Calls,
            new Row("unary, 0 B, 64 in flight", FigureUnit.ThousandsPerSecond,
                Comparison.Ratio(Classic, GrpcDotnet, Goal.AtLeast(5)),
                Comparison.Ratio(Typed, Classic, Goal.AtLeast(TypedRate)))),
        new(Unary(LargeBlock, inFlight: 16), Calls,
            new Row("unary, 64 KiB, 16 in flight", FigureUnit.ThousandsPerSecond,
                Comparison.Ratio(Classic, GrpcDotnet),
                Comparison.Ratio(Typed, Classic, Goal.AtLeast(TypedRate)))),
        new(Stream(CallKind.ServerStreaming, SmallBlock), [.. Calls, Callback],
            new Row("server stream, 16 B", FigureUnit.ThousandsPerSecond,
                Comparison.Ratio(Classic, GrpcDotnet, Goal.AtLeast(3)),
                Comparison.Ratio(Typed, Classic, Goal.AtLeast(TypedRate)),
                Comparison.Ratio(Callback, Typed, Goal.AtLeast(CallbackRate)))),
        new(Stream(CallKind.ServerStreaming, LargeBlock), [.. Calls, RawSocket],
            new Row("server stream, 64 KiB", FigureUnit.MegabytesPerSecond,
                Comparison.Ratio(Classic, GrpcDotnet, Goal.AtLeast(2)),
                Comparison.Ratio(Classic, RawSocket, Goal.AtLeast(0.6)),
                Comparison.Ratio(Typed, Classic, Goal.AtLeast(TypedRate)))),
        new(Stream(CallKind.ClientStreaming, SmallBlock), [.. Calls, Callback],
            new Row("client stream, 16 B", FigureUnit.ThousandsPerSecond,
                Comparison.Ratio(Classic, GrpcDotnet),
                Comparison.Ratio(Typed, Classic, Goal.AtLeast(TypedRate)),
                Comparison.Ratio(Callback, Typed, Goal.AtLeast(CallbackRate)))),
        new(Stream(CallKind.PingPong, SmallBlock), [.. Calls, Callback, RawSocket],
            new Row("duplex ping-pong, 16 B", FigureUnit.Microseconds,
                Comparison.Ratio(Classic, GrpcDotnet),
                Comparison.Ratio(Classic, RawSocket, Goal.AtMost(1.4)),
                Comparison.Ratio(Typed, Classic, Goal.AtMost(TypedTime)),
                Comparison.Ratio(Callback, Typed, Goal.AtMost(CallbackTime)))),
        new(Unary(size: 0, inFlight: 1), [Harness],
            new Row("harness: warm start, one call, stop, in memory", FigureUnit.Milliseconds,
                Comparison.Figure(Harness, Goal.AtMost(10)))),
    ];

    private static Workload Unary(int size, int inFlight) => new() { Kind = CallKind.Unary, Size = size, InFlight = inFlight };

    private static Workload Stream(CallKind kind, int size) => new() { Kind = kind, Size = size, InFlight = 1 };
}
