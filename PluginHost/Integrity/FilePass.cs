using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Integrity;

/// <summary>Reads a file once: what is hashed is what is written. A file that is read twice may be another one the second time.</summary>
internal static class FilePass
{
    private const int BlockSize = 64 * 1024;

    /// <param name="source">Read from its beginning.</param>
    /// <param name="target">Takes what was read; null for nobody.</param>
    /// <param name="most">How many bytes it may have. Reading ends with the first that is too many.</param>
    /// <param name="cancellationToken">Ends the work between two blocks.</param>
    /// <returns>How many bytes were read, one more than <paramref name="most"/> when there are more; and their SHA-256.</returns>
    /// <exception cref="IOException">It cannot be read, or not be written.</exception>
    public static (long Size, string Sha256) Run(SafeFileHandle source, Stream? target, long most, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var size = 0L;
            while (size <= most)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = block.AsSpan(0, (int)Math.Min(block.Length, most + 1 - size));
                read = read[..RandomAccess.Read(source, read, size)];
                if (read.IsEmpty)
                    break;
                hash.AppendData(read);
                target?.Write(read);
                size += read.Length;
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
