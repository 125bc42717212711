namespace Plugwire.Testing.Faults.Wire;

/// <summary>What becomes of a run of bytes: how many of them pass, whether the first is turned over, whether the connection is cut behind them.</summary>
internal readonly record struct WireVerdict(int Length, bool IsCorrupted, bool IsCut);
