using System.Text;

namespace Examples.Secrets;

/// <summary>How a secret is shown: enough to find it again, never enough to use it.</summary>
internal static class Mask
{
    private const int Shown = 4;

    /// <summary>The first four characters of a secret whose bytes are known to be ASCII.</summary>
    public static string Of(ReadOnlySpan<byte> secret) => Encoding.ASCII.GetString(secret[..Math.Min(Shown, secret.Length)]) + "…";
}
