namespace Plugwire.Wire.Http2.Hpack;

/// <summary>The encoder's dynamic table, which is also searched by what its entries hold.</summary>
// Every entry has a number, counted up from 1; its index is how many came after it. The entries whose hash is the same form a
// chain from the newest to the oldest. Nothing is taken out of a chain when an entry is evicted: the numbers fall along it and
// the oldest are evicted first, so that the first evicted entry is the chain's end.
//
//      heads[hash] -> 9 -> 7 -> 4 -> 2          evicted: all up to 4, so that the chain ends after 7
internal sealed class EncoderTable
{
    /// <summary>The most that it may ever hold, in bytes, however much the peer allows.</summary>
    public const int LargestSize = 4096;

    private const int MaxEntries = LargestSize / HeaderField.Overhead; // a power of two: numbers find their slot by masking
    private const int HashCount = 64;

    private readonly DynamicTable _table = new(LargestSize);
    private readonly Chains _byField = new();
    private readonly Chains _byName = new();
    private long _newest;

    public DynamicTable Entries => _table;

    public void Add(in HeaderField field)
    {
        if (!_table.Add(field)) return;
        _newest++;
        _byField.Add(_newest, HashOf(field));
        _byName.Add(_newest, SampledHash.Of(field.Name));
    }

    /// <summary>The index within the dynamic table of an entry with this name and value, or -1 when there is none.</summary>
    public int Find(in HeaderField field)
    {
        for (var number = _byField.Newest(HashOf(field)); IsAlive(number); number = _byField.Next(number))
        {
            if (_table[IndexOf(number)] == field) return IndexOf(number);
        }

        return -1;
    }

    /// <summary>The index within the dynamic table of the newest entry with this name, or -1 when there is none.</summary>
    public int FindName(string name)
    {
        for (var number = _byName.Newest(SampledHash.Of(name)); IsAlive(number); number = _byName.Next(number))
        {
            if (_table[IndexOf(number)].Name == name) return IndexOf(number);
        }

        return -1;
    }

    private static uint HashOf(in HeaderField field) => SampledHash.Of(field.Name) * 31 + SampledHash.Of(field.Value);

    private bool IsAlive(long number) => number > _newest - _table.Count;

    private int IndexOf(long number) => (int)(_newest - number);

    private sealed class Chains
    {
        private readonly long[] _heads = new long[HashCount];
        private readonly long[] _next = new long[MaxEntries];

        public void Add(long number, uint hash)
        {
            ref var head = ref _heads[hash & (HashCount - 1)];
            _next[number & (MaxEntries - 1)] = head;
            head = number;
        }

        public long Newest(uint hash) => _heads[hash & (HashCount - 1)];

        public long Next(long number) => _next[number & (MaxEntries - 1)];
    }
}
