using System.Security.Cryptography;
using Plugwire.Wire.Launching;

namespace Plugwire.Callbacks;

/// <summary>What a host shows to be the one that has asked for it: random, good for a short time. That it is good once is its owner's care.</summary>
internal sealed class HostConnectionToken(TimeProvider time)
{
    // A host dials as soon as it has the token; the rest is for a machine that is busy with other things.
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(HostConnectionPreamble.TokenBytes);
    private readonly long _issued = time.GetTimestamp();

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsTooOld => time.GetElapsedTime(_issued) >= Life;

    /// <summary>Takes the same time wherever the two differ.</summary>
    public bool Equals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(_bytes, other);
}
