using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plugwire.Wire.Launching;

namespace Plugwire.Wire.Tests.Launching;

public sealed class HandshakeLineTests
{
    [Theory]
    [InlineData("1|3|unix|/tmp/p/s|grpc", 1, 3, "unix", "/tmp/p/s", "grpc", "", null)]
    [InlineData("1|3|unix|/tmp/p/s|grpc|", 1, 3, "unix", "/tmp/p/s", "grpc", "", null)]
    [InlineData("1|3|tcp|127.0.0.1:1234|grpc|Q0VSVA|true", 1, 3, "tcp", "127.0.0.1:1234", "grpc", "Q0VSVA", true)]
    [InlineData("1|3|unix|/tmp/p/s|grpc||false", 1, 3, "unix", "/tmp/p/s", "grpc", "", false)]
    [InlineData("1|3|unix|/tmp/p/s|grpc||F", 1, 3, "unix", "/tmp/p/s", "grpc", "", false)]
    [InlineData("1|3|unix|/tmp/p/s", 1, 3, "unix", "/tmp/p/s", "netrpc", "", null)]
    [InlineData("  1|3|unix|/tmp/p/s|grpc|\r\n", 1, 3, "unix", "/tmp/p/s", "grpc", "", null)]
    [InlineData("2|0|unix||", 2, 0, "unix", "", "", "", null)]
    public void TryParse_WellFormed_ReadsEveryField(
        string line, int core, int application, string network, string address, string protocol, string certificate, bool? multiplex)
    {
        Assert.True(HandshakeLine.TryParse(Encoding.UTF8.GetBytes(line), out var handshake, out var violation), violation);

        Assert.Equal(new HandshakeLine(core, application, network, address, protocol, certificate, multiplex), handshake);
        Assert.Null(violation);
    }

    [Theory]
    [InlineData("", "the line has 1")]
    [InlineData("Listening on port 80", "the line has 1")]
    [InlineData("1|3|unix", "the line has 3")]
    [InlineData("1|3|unix|/s|grpc|c|true|more", "the line has 8")]
    [InlineData("x|3|unix|/s|grpc", "'x' is none")]
    [InlineData("-1|3|unix|/s|grpc", "'-1' is none")]
    [InlineData("1|+3|unix|/s|grpc", "'+3' is none")]
    [InlineData("1|3.0|unix|/s|grpc", "'3.0' is none")]
    [InlineData("1|99999999999|unix|/s|grpc", "'99999999999' is none")]
    [InlineData("1| 3|unix|/s|grpc", "' 3' is none")]
    [InlineData("1|3|unix|/s|grpc||maybe", "'maybe' is neither")]
    [InlineData("1|3|unix|/s|grpc||", "'' is neither")]
    public void TryParse_Malformed_SaysWhatWasExpectedAndFound(string line, string found)
    {
        Assert.False(HandshakeLine.TryParse(Encoding.UTF8.GetBytes(line), out var handshake, out var violation));

        Assert.Null(handshake);
        Assert.Contains(found, violation, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_BytesThatAreNoText_SaysSo()
    {
        Assert.False(HandshakeLine.TryParse([(byte)'1', (byte)'|', 0xC3, 0x28], out _, out var violation));

        Assert.Equal("The line is not UTF-8 text.", violation);
    }

    [Fact]
    public void Format_WithoutMultiplex_HasSixFields()
    {
        var line = new HandshakeLine(1, 3, "unix", "/tmp/p/s", "grpc").Format();

        Assert.Equal("1|3|unix|/tmp/p/s|grpc|", line);
    }

    [Theory]
    [InlineData(true, "1|3|unix|/tmp/p/s|grpc||true")]
    [InlineData(false, "1|3|unix|/tmp/p/s|grpc||false")]
    public void Format_WithMultiplex_HasSevenFields(bool multiplex, string expected)
    {
        Assert.Equal(expected, new HandshakeLine(1, 3, "unix", "/tmp/p/s", "grpc", Multiplex: multiplex).Format());
    }

    [Fact]
    public void TryParse_AnyBytes_NeverThrowsAndAlwaysAnswersOneWay()
    {
        Prop.ForAll<byte[]>(bytes => HandshakeLine.TryParse(bytes, out var handshake, out var violation)
            ? handshake is not null && violation is null
            : handshake is null && violation is not null).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void TryParse_AnyBytesBetweenBars_NeverThrows()
    {
        // Random bytes rarely get past the first field: these do.
        var almost = ArbMap.Default.GeneratorFor<string[]>().Select(fields => "1|2|" + string.Join('|', fields));
        Prop.ForAll(almost.ToArbitrary(), line =>
            HandshakeLine.TryParse(Encoding.UTF8.GetBytes(line), out var handshake, out _) == handshake is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void TryParse_WhatFormatWrote_GivesTheSameLine()
    {
        // No field may hold a bar, and the line's ends are trimmed.
        var word = Gen.NonEmptyListOf(Gen.Elements("abcXYZ019/.:-_ü ".ToCharArray())).Select(characters => string.Concat(characters).Trim());
        var multiplex = Gen.Elements<bool?>(true, false, null);
        var handshakes =
            from core in Gen.Choose(0, int.MaxValue)
            from application in Gen.Choose(0, int.MaxValue)
            from network in word
            from address in word
            from protocol in word
            from certificate in word
            from flag in multiplex
            select new HandshakeLine(core, application, network, address, protocol, certificate, flag);

        Prop.ForAll(handshakes.ToArbitrary(), handshake =>
            HandshakeLine.TryParse(Encoding.UTF8.GetBytes(handshake.Format()), out var parsed, out _) && parsed == handshake)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
