using System.Text;
using Plugwire.Wire.Launching;

namespace Plugwire.Wire.Tests.Launching;

public sealed class HostConnectionPreambleTests
{
    private static readonly byte[] Token = [.. Enumerable.Range(100, HostConnectionPreamble.TokenBytes).Select(number => (byte)number)];

    [Fact]
    public void Preamble_Written_IsTheOneThatTheContractTells()
    {
        var preamble = HostConnectionPreamble.Format(Token);

        // What stands in control.proto, for hosts and plugins in other languages.
        Assert.Equal([0x8B, .. "plugwire-host/1"u8, .. Token], preamble);
        Assert.Equal((48, 48), (preamble.Length, HostConnectionPreamble.Length));
    }

    [Fact]
    public void Preamble_ReadAgain_HasItsToken()
    {
        Assert.True(HostConnectionPreamble.TryParse(HostConnectionPreamble.Format(Token), out var token));
        Assert.Equal(Token, token);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\x16\x03\x01")]
    [InlineData("\0\0\x12\x04")]
    public void FirstByte_OfWhatElseMayBegin_IsAnother(string beginning) => Assert.NotEqual(HostConnectionPreamble.FirstByte, Encoding.Latin1.GetBytes(beginning)[0]);

    [Fact]
    public void Preamble_OfAnotherMark_IsNone()
    {
        for (var i = 0; i < HostConnectionPreamble.Length - HostConnectionPreamble.TokenBytes; i++)
        {
            var preamble = HostConnectionPreamble.Format(Token);
            preamble[i] ^= 1;
            Assert.False(HostConnectionPreamble.TryParse(preamble, out _));
        }
    }

    [Fact]
    public void Preamble_TooShortOrTooLong_IsNone()
    {
        var preamble = HostConnectionPreamble.Format(Token);

        for (var length = 0; length < preamble.Length; length++)
            Assert.False(HostConnectionPreamble.TryParse(preamble.AsSpan(0, length), out _));
        Assert.False(HostConnectionPreamble.TryParse([.. preamble, 0], out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Token_OfAnotherLength_IsRefused(int length) => Assert.Throws<ArgumentException>(() => HostConnectionPreamble.Format(new byte[length]));
}
