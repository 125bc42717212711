using System.Numerics;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>
/// The headers that one side has sent before, newest first (RFC 7541 section 2.3.2), bounded by their size. Encoder and decoder
/// each hold one; both evict by the same rules, which is what keeps their indices in step.
/// </summary>
// A ring: entry 0 is the newest and stands just before _next; each older one a slot further back.
//
//      slots   [ . . . e2 e1 e0 . . . ]
//                      ^oldest   ^_next         length a power of two, so that a slot is found by masking
internal sealed class DynamicTable
{
    private HeaderField[] _slots;
    private int _next;

    /// <param name="maxSize">The most it may hold, in bytes as <see cref="HeaderField.Size"/> counts them.</param>
    public DynamicTable(int maxSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        MaxSize = maxSize;
        _slots = new HeaderField[16];
    }

    public int Count { get; private set; }

    /// <summary>The size of all entries, in bytes; never more than <see cref="MaxSize"/>.</summary>
    public int Size { get; private set; }

    public int MaxSize { get; private set; }

    /// <summary>The entry at <paramref name="index"/>: 0 is the newest. Valid until the table changes.</summary>
    public ref readonly HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _slots[(_next - 1 - index) & (_slots.Length - 1)];
        }
    }

    /// <summary>
    /// Adds an entry as the newest, after evicting the oldest until there is room. One that is larger than the whole table
    /// empties it and is not kept: no error (RFC 7541 section 4.4).
    /// </summary>
    /// <returns>Whether it was kept.</returns>
    public bool Add(in HeaderField field)
    {
        var size = field.Size;
        if (size > MaxSize)
        {
            EvictDownTo(0);
            return false;
        }

        EvictDownTo(MaxSize - size);
        if (Count == _slots.Length) Grow();
        _slots[_next] = field;
        _next = (_next + 1) & (_slots.Length - 1);
        Count++;
        Size += size;
        return true;
    }

    /// <summary>Sets the most that the table may hold, in bytes, and evicts what no longer fits.</summary>
    public void Resize(int maxSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        MaxSize = maxSize;
        EvictDownTo(maxSize);
    }

    private void EvictDownTo(int size)
    {
        while (Size > size)
        {
            ref var oldest = ref _slots[(_next - Count) & (_slots.Length - 1)];
            Size -= oldest.Size;
            oldest = default;
            Count--;
        }
    }

    // Bounded: an entry counts 32 bytes at least, so that there are never more than MaxSize / 32.
    private void Grow()
    {
        var slots = new HeaderField[BitOperations.RoundUpToPowerOf2((uint)Count + 1)];
        for (var age = 0; age < Count; age++) slots[Count - 1 - age] = this[age];
        _slots = slots;
        _next = Count;
    }
}
