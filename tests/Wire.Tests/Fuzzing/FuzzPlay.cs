namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What a peer does in one case.</summary>
internal sealed class FuzzPlay
{
    /// <summary>What it sends, unchanged, before anything else; of a server, so that calls are open when the rest comes.</summary>
    public byte[] Opening { get; init; } = [];

    /// <summary>What it sends then, in these parts.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Parts { get; init; }

    /// <summary>Whether all of it ends with a frame: then a PING behind it is answered, or the connection ends.</summary>
    public required bool EndsWithFrame { get; init; }

    /// <summary>Whether it reads only when it has sent everything.</summary>
    public bool ReadsLate { get; init; }

    /// <summary>Whether its transport breaks at the end, or is closed.</summary>
    public bool Breaks { get; init; }

    /// <summary>Before which part a caller cancels its first open call; null for none.</summary>
    public int? CancelBefore { get; init; }

    /// <summary>Whether callers complete their streams of requests by themselves.</summary>
    public bool CompletesRequests { get; init; }
}
