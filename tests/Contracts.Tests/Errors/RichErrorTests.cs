using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Errors;

public sealed class RichErrorTests
{
    [Theory]
    [EachKind]
    public async Task Details_ThatAHandlerThrows_AreReadByTheCaller(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.FailWith(RichError.Create(
            StatusCode.InvalidArgument, "The rule is not valid.", new EchoRequest { Text = "one" }, new StringValue { Value = "two" }, new EchoRequest { Text = "three" }));

        var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within());

        Assert.Equal((StatusCode.InvalidArgument, "The rule is not valid."), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(3, failure.GetDetails().Count);
        Assert.True(failure.TryGetDetail<StringValue>(out var text));
        Assert.Equal("two", text.Value);
        Assert.True(failure.TryGetDetail<EchoRequest>(out var first));
        Assert.Equal("one", first.Text);
        Assert.False(failure.TryGetDetail<EchoReply>(out var none));
        Assert.Null(none);
    }

    [Fact]
    public void Details_OnTheWire_AreAsTheModelSays()
    {
        var exception = RichError.Create(StatusCode.NotFound, "m", new StringValue { Value = "v" });

        // google.rpc.Status: 1 code, 2 message, 3 details; an Any: 1 type_url, 2 value; a StringValue: 1 value.
        byte[] value = [0x0A, 1, (byte)'v'];
        byte[] url = [.. "type.googleapis.com/google.protobuf.StringValue"u8];
        byte[] any = [0x0A, (byte)url.Length, .. url, 0x12, (byte)value.Length, .. value];
        Assert.Equal([0x08, 5, 0x12, 1, (byte)'m', 0x1A, (byte)any.Length, .. any], exception.Trailers.GetValueBytes("grpc-status-details-bin"));
    }

    [Fact]
    public void Failure_WithoutDetails_HasNone()
    {
        var exception = new RpcException(new Status(StatusCode.NotFound, ""));

        Assert.Empty(exception.GetDetails());
        Assert.False(exception.TryGetDetail<EchoRequest>(out _));
    }

    [Theory]
    [InlineData(new byte[] { 0x1A, 50, 1 })]
    [InlineData(new byte[] { 255, 255, 255 })]
    public void Failure_WithDetailsThatCannotBeRead_HasNone(byte[] bytes)
    {
        var exception = new RpcException(new Status(StatusCode.NotFound, ""), new Metadata { { "grpc-status-details-bin", bytes } });

        Assert.Empty(exception.GetDetails());
        Assert.False(exception.TryGetDetail<EchoRequest>(out _));
    }

    [Fact]
    public void Detail_ThatCannotBeRead_IsPassedOver()
    {
        var exception = RichError.Create(
            StatusCode.NotFound, "", new EchoRequest(), new EchoRequest { Text = "readable" });
        var status = Details(exception);
        status[0].Value = ByteString.CopyFrom(0x0A, 50, 1);
        var again = new RpcException(exception.Status, new Metadata { { "grpc-status-details-bin", Encode(status) } });

        Assert.True(again.TryGetDetail<EchoRequest>(out var detail));
        Assert.Equal("readable", detail.Text);
    }

    [Fact]
    public void Arguments_ThatMakeNoFailure_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("statusCode", () => RichError.Create(StatusCode.OK, ""));
        Assert.Throws<ArgumentNullException>("message", () => RichError.Create(StatusCode.NotFound, null!));
        Assert.Throws<ArgumentNullException>("details", () => RichError.Create(StatusCode.NotFound, "", (IMessage)null!));
        Assert.Throws<ArgumentNullException>("exception", () => RichError.GetDetails(null!));
    }

    private static List<Any> Details(RpcException exception) => [.. exception.GetDetails()];

    private static byte[] Encode(IEnumerable<Any> details) =>
        [.. details.SelectMany(any => (byte[])[0x1A, (byte)any.CalculateSize(), .. any.ToByteArray()])];
}
