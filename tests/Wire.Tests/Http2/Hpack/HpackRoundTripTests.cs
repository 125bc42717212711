using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

public sealed class HpackRoundTripTests
{
    // Either a new table size, which the peer's SETTINGS brought, or a header; a header may be the last of its block.
    private sealed record Step(int? TableSize, HeaderField Field, HeaderIndexing Indexing, bool EndsBlock);

    [Fact]
    public void Decode_WhatTheEncoderWrote_GivesTheHeadersBackAndKeepsTheTablesInStep()
    {
        var name = Gen.OneOf(
            Gen.Elements(":method", ":path", ":status", "content-type", "te", "grpc-status", "grpc-timeout", "user-agent", "x"),
            Text(Gen.Choose('a', 'e'), longest: 3));
        var value = Gen.Frequency(
            (3, Gen.Elements("", "GET", "POST", "/", "200", "trailers", "application/grpc", "0")),
            (3, Text(Gen.Choose('a', 'c'), longest: 2)),
            (2, Text(Gen.Choose(0, 255), longest: 40)),
            (1, Text(Gen.Choose(0, 255), longest: 3000)),
            (1, Text(Gen.Choose('0', 'z'), longest: 3000)));
        var newSize = Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(0, 10_000)).Select(size => (int?)size);
        var tableSize = Gen.Frequency((9, Gen.Constant((int?)null)), (1, newSize));
        var step =
            from size in tableSize
            from fieldName in name
            from fieldValue in value
            from indexing in Gen.Elements(HeaderIndexing.Index, HeaderIndexing.Index, HeaderIndexing.DoNotIndex, HeaderIndexing.NeverIndex)
            from endsBlock in Gen.Elements(true, false, false)
            select new Step(size, new HeaderField(fieldName, fieldValue), indexing, endsBlock);

        Replayed.ForAllHistories(step, Replay, count: 1000);
    }

    private static void Replay(Step[] steps)
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder(4096, int.MaxValue);
        var headers = new HeaderList();
        var block = new ArrayBufferWriter<byte>();
        var sent = new List<HeaderField>();
        foreach (var step in steps)
        {
            // A size changes between blocks only.
            if (sent.Count == 0 && step.TableSize is { } size) encoder.SetMaxDynamicTableSize(size);

            encoder.Encode(step.Field.Name, step.Field.Value, step.Indexing, block);
            sent.Add(step.Field);
            if (!step.EndsBlock) continue;

            decoder.Decode(block.WrittenSpan, headers);
            Assert.Equal(sent, headers.Fields.ToArray());
            Assert.Equal(sent.Sum(field => (long)field.Size), headers.Size);
            Assert.Equal(HpackBytes.Entries(encoder.Table), HpackBytes.Entries(decoder.Table));
            Assert.Equal(encoder.Table.MaxSize, decoder.Table.MaxSize);
            Assert.Equal(HpackBytes.Entries(decoder.Table).Sum(field => field.Size), decoder.Table.Size);
            Assert.InRange(decoder.Table.Size, 0, decoder.Table.MaxSize);
            block.ResetWrittenCount();
            sent.Clear();
        }
    }

    private static Gen<string> Text(Gen<int> chars, int longest) =>
        from length in Gen.Choose(0, longest)
        from codes in chars.ArrayOf(length)
        select string.Concat(codes.Select(code => (char)code));
}
