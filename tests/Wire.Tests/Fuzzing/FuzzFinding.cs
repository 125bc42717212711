namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>A case in which something happened that never does.</summary>
/// <param name="Seed">Makes the case again, without any other.</param>
/// <param name="Case">What was played, in words.</param>
/// <param name="What">What happened.</param>
internal sealed record FuzzFinding(int Seed, string Case, string What)
{
    public override string ToString() => $"seed {Seed} ({Case}): {What}";
}
