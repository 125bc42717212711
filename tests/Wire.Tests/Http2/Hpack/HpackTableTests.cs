using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

public sealed class HpackTableTests
{
    [Fact]
    [Trait("RFC 7541", "Appendix A. Static Table Definition")]
    public void StaticTable_EveryEntry_IsFoundByNameAndValue()
    {
        var names = new HashSet<string>();
        for (var index = 1; index <= StaticTable.Count; index++)
        {
            var field = StaticTable.Get(index);
            var nameIndex = StaticTable.FindName(field.Name);

            Assert.Equal(field.Name, StaticTable.Get(nameIndex).Name);
            Assert.Equal(names.Add(field.Name), nameIndex == index); // the first of its name
            Assert.Equal(index, StaticTable.FindValue(nameIndex, field.Value));
        }

        Assert.Equal(52, names.Count);
    }

    [Theory]
    [InlineData(1, ":authority", "")]
    [InlineData(14, ":status", "500")]
    [InlineData(16, "accept-encoding", "gzip, deflate")]
    [InlineData(31, "content-type", "")]
    [InlineData(46, "location", "")]
    [InlineData(61, "www-authenticate", "")]
    [Trait("RFC 7541", "Appendix A. Static Table Definition")]
    public void StaticTable_AtAnIndex_AsInAppendixA(int index, string name, string value) =>
        Assert.Equal(new HeaderField(name, value), StaticTable.Get(index));

    [Fact]
    public void StaticTable_ANameOrValueThatItLacks_IsZero()
    {
        Assert.Equal(0, StaticTable.FindName("grpc-status"));
        Assert.Equal(0, StaticTable.FindName(""));
        Assert.Equal(0, StaticTable.FindValue(8, "302"));
        Assert.Equal(0, StaticTable.FindValue(61, "x"));
    }

    [Fact]
    [Trait("RFC 7541", "4.1 Calculating Table Size")]
    public void DynamicTable_AfterAdding_CountsNamesValuesAndOverhead()
    {
        var table = new DynamicTable(200);
        Assert.True(table.Add(new("abc", "de")));
        Assert.True(table.Add(new("x", "")));

        Assert.Equal(37 + 33, table.Size);
        Assert.Equal([new("x", ""), new("abc", "de")], HpackBytes.Entries(table));
    }

    [Fact]
    [Trait("RFC 7541", "4.4 Entry Eviction When Adding New Entries")]
    public void DynamicTable_WithoutRoom_EvictsTheOldest()
    {
        var table = new DynamicTable(3 * 34);
        foreach (var name in new[] { "a", "b", "c", "d" }) Assert.True(table.Add(new(name, "1")));
        Assert.Equal([new("d", "1"), new("c", "1"), new("b", "1")], HpackBytes.Entries(table));

        // One byte more than one old entry has: two must go.
        Assert.True(table.Add(new("ee", "1")));
        Assert.Equal([new("ee", "1"), new("d", "1")], HpackBytes.Entries(table));
        Assert.Equal(35 + 34, table.Size);
    }

    [Fact]
    [Trait("RFC 7541", "4.4 Entry Eviction When Adding New Entries")]
    public void DynamicTable_AnEntryLargerThanTheTable_EmptiesItAndIsNotKept()
    {
        var table = new DynamicTable(40);
        Assert.True(table.Add(new("a", "1")));
        Assert.False(table.Add(new("name", "value")));
        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.Size);
        Assert.True(table.Add(new("name", "valu"))); // exactly as large
    }

    [Fact]
    [Trait("RFC 7541", "4.3 Entry Eviction When Dynamic Table Size Changes")]
    public void DynamicTable_MadeSmaller_EvictsWhatNoLongerFits()
    {
        var table = new DynamicTable(4096);
        for (var i = 0; i < 100; i++) Assert.True(table.Add(new("name", i.ToString("D4", null))));
        Assert.Equal(100, table.Count);

        table.Resize(99);
        Assert.Equal([new("name", "0099"), new("name", "0098")], HpackBytes.Entries(table));
        table.Resize(0);
        Assert.Equal(0, table.Count);
        Assert.False(table.Add(new("", "")));
        table.Resize(32);
        Assert.True(table.Add(new("", "")));
    }

    [Fact]
    public void DynamicTable_AnIndexBehindItsEnd_Throws()
    {
        var table = new DynamicTable(4096);
        Assert.True(table.Add(new("a", "")));
        Assert.Throws<ArgumentOutOfRangeException>(() => table[1].Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[-1].Name);
    }
}
