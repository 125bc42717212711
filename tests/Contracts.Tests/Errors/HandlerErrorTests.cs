using System.ComponentModel;
using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Errors;

/// <summary>Which status a handler's exception becomes: the table in docs/errors.md.</summary>
public sealed class HandlerErrorTests
{
    public static TheoryData<Exception, StatusCode> Mapped => new()
    {
        { new ArgumentException("told", "name"), StatusCode.InvalidArgument },
        { new ArgumentNullException("name", "told"), StatusCode.InvalidArgument },
        { new ArgumentOutOfRangeException("name", "told"), StatusCode.InvalidArgument },
        { new InvalidEnumArgumentException("told"), StatusCode.InvalidArgument },
        { new KeyNotFoundException("told"), StatusCode.NotFound },
        { new FileNotFoundException("told"), StatusCode.NotFound },
        { new DirectoryNotFoundException("told"), StatusCode.NotFound },
        { new UnauthorizedAccessException("told"), StatusCode.PermissionDenied },
        { new NotImplementedException("told"), StatusCode.Unimplemented },
        { new NotSupportedException("told"), StatusCode.Unimplemented },
        { new PlatformNotSupportedException("told"), StatusCode.Unimplemented },
    };

    public static TheoryData<Exception> Kept => new()
    {
        new InvalidOperationException("secret"),
        new TimeoutException("secret"),
        new IOException("secret"),
        new FormatException("secret"),
        new InvalidCastException("secret"),
        new ObjectDisposedException("secret"),
        new OperationCanceledException("secret"),
        new OperationCanceledException("secret", new CancellationToken(canceled: true)),
    };

    [Theory]
    [MemberData(nameof(Mapped))]
    public async Task Exception_OfTheCallersMaking_BecomesAStatusWithItsMessage(Exception exception, StatusCode expected)
    {
        await using var link = await EchoLink.StartAsync();
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            foreach (var atOnce in new[] { true, false })
            {
                Fail(link.Service, exception, atOnce);

                var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within());

                Assert.Equal((expected, exception.Message), (failure.StatusCode, failure.Status.Detail));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Exception_OfTheHandlersOwn_IsLeftToTheServer(Exception exception)
    {
        await using var link = await EchoLink.StartAsync();
        link.ExpectsErrors = true;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            foreach (var atOnce in new[] { true, false })
            {
                Fail(link.Service, exception, atOnce);

                var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within());

                Assert.Equal((StatusCode.Unknown, $"The handler failed: {exception.GetType().Name}."), (failure.StatusCode, failure.Status.Detail));
            }
        }

        // The server's log has the exception itself.
        Assert.All(link.Logs.GetSnapshot(), record => Assert.Same(exception, record.Exception));
        Assert.Equal(8, link.Logs.GetSnapshot().Count);
    }

    [Theory]
    [EachKind]
    public async Task Status_ThatTheHandlerThrows_CrossesAsItIs(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        foreach (var code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            Fail(link.Service, new RpcException(new Status(code, "Grüße"), new Metadata { { "reason", "1" } }), atOnce: true);

            var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within());

            Assert.Equal((code, "Grüße", "1"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("reason")));
        }
    }

    [Theory]
    [EachKind]
    public async Task Exception_OfTheCallersMaking_IsAStatusOnEveryServer(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        Fail(link.Service, new KeyNotFoundException("There is no rule 'x'."), atOnce: false);

        var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within());

        Assert.Equal((StatusCode.NotFound, "There is no rule 'x'."), (failure.StatusCode, failure.Status.Detail));
    }

    private static void Fail(ScriptedEcho service, Exception exception, bool atOnce)
    {
        if (atOnce)
        {
            service.FailWith(exception);
            return;
        }

        service.OnUnary = (_, _, _) => OneAsync();
        service.OnUpload = (_, _, _) => OneAsync();
        service.OnDownload = (_, _, _) => StreamAsync();
        service.OnDuplex = (_, _, _) => StreamAsync();

        async ValueTask<EchoReply> OneAsync()
        {
            await Task.Yield();
            throw exception;
        }

        async IAsyncEnumerable<EchoReply> StreamAsync()
        {
            await OneAsync();
            yield break;
        }
    }
}
