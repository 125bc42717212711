using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Shapes;

/// <summary>What the messages themselves take, which no wire can save.</summary>
internal static class BlockSize
{
    private const int Sample = 100;

    /// <summary>An empty block parsed by the server, and one by the caller; what either sends is a message that it has already.</summary>
    public static double BytesPerEcho { get; } = 2 * BytesOfEmptyBlock();

    private static double BytesOfEmptyBlock()
    {
        var blocks = new Block[Sample];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = new Block();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Sample;
    }
}
