using System.Text;
using Grpc.Core;
using Plugwire.Wire.Rpc.Fields;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A status's text, whatever it is made of.</summary>
public sealed class StatusTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("100 % of it, %41 %zz %")]
    [InlineData("grüße, 世界 🎈")]
    [InlineData("line\r\nbreak\ttab\0zero\u007f")]
    [InlineData("  spaces at both ends  ")]
    [Trait("gRPC", "percent-encoding of grpc-message")]
    public async Task Detail_OfAnyCharacters_ArrivesAsItWasSet(string detail)
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.Do(_ => throw new RpcException(new Status(StatusCode.Aborted, detail)));

        foreach (var kind in Enum.GetValues<MethodType>())
            Assert.Equal(detail, (await OpenCall.Start(pair.Client, kind).FailureAsync()).Status.Detail);
    }

    [Theory]
    [InlineData("x", 1)]
    [InlineData("ü", 6)]
    [InlineData("🎈", 12)]
    [Trait("Fault", "F26")]
    public async Task Detail_LongerThanEightKibibytes_IsCutBetweenCharacters(string character, int encodedSize)
    {
        await using var pair = await RpcPair.StartAsync();
        var detail = string.Concat(Enumerable.Repeat(character, 10_000));
        pair.Service.Do(_ => throw new RpcException(new Status(StatusCode.Aborted, detail)));

        var failure = await OpenCall.Start(pair.Client, MethodType.Unary).FailureAsync();

        Assert.Equal(string.Concat(Enumerable.Repeat(character, StatusText.MaxBytes / encodedSize)), failure.Status.Detail);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%41", "A")]
    [InlineData("%e4%b8%96", "世")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("a%20b", "a b")]
    [Trait("gRPC", "percent-encoding of grpc-message")]
    public void Decode_WhatPeersSend_NeverFails(string text, string expected) => Assert.Equal(expected, StatusText.Decode(text));

    [Fact]
    public void Encode_HalfASurrogate_IsReplaced() =>
        Assert.Equal("%EF%BF%BD", StatusText.Encode(new StringBuilder().Append('\ud83c').ToString()));
}
