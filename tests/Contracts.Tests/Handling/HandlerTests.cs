using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Handling;

/// <summary>What an implementation may do, and what becomes of it.</summary>
public sealed class HandlerTests
{
    [Theory]
    [EachKind]
    public async Task Method_ThatIsNotImplemented_SaysUnimplemented(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where, service: new LazyEcho());

        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within())).StatusCode);
    }

    [Theory]
    [EachLink(MethodType.Unary)]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Null_AnsweredByTheHandler_IsAFailureAndNotAHang(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.ExpectsErrors = true;
        link.Service.OnUnary = static (_, _, _) => new((EchoReply)null!);
        link.Service.OnUpload = static async (_, _, _) =>
        {
            await Task.Yield();
            return null!;
        };
        link.Service.OnDownload = static (_, _, _) => null!;
        link.Service.OnDuplex = static (_, _, _) => NullsAsync();

        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind).Within())).StatusCode);

        static async IAsyncEnumerable<EchoReply> NullsAsync()
        {
            await Task.CompletedTask;
            yield return null!;
        }
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Failure_AmongTheMessages_ComesBehindThemAndTheEnumeratorIsDisposedOf(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var disposed = new Signal();
        link.Service.OnDownload = (_, _, _) => ThenFailAsync();
        link.Service.OnDuplex = (_, _, _) => ThenFailAsync();
        var seen = 0;

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in kind == MethodType.ServerStreaming ? link.Client.DownloadAsync(new EchoRequest()) : link.Client.DuplexAsync(TrackedRequests.ThenIdle(1)))
                seen++;
        }).Within();

        Assert.Equal((3, StatusCode.InvalidArgument, "bad"), (seen, failure.StatusCode, failure.Status.Detail));
        await disposed.WaitAsync();

        async IAsyncEnumerable<EchoReply> ThenFailAsync()
        {
            try
            {
                for (var i = 0; i < 3; i++)
                    yield return new EchoReply();
                await Task.Yield();
                throw new ArgumentException("bad");
            }
            finally
            {
                disposed.Set();
            }
        }
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Responses_ThatDoNotHeedTheirToken_AreDisposedOfWhenNothingCanBeWritten(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var disposed = new Signal();
        link.Service.OnDownload = (_, _, _) => EndlessAsync();
        link.Service.OnDuplex = (_, _, _) => EndlessAsync();

        await foreach (var _ in kind == MethodType.ServerStreaming ? link.Client.DownloadAsync(new EchoRequest()) : link.Client.DuplexAsync(TrackedRequests.ThenIdle(1)))
            break;

        await disposed.WaitAsync();

        async IAsyncEnumerable<EchoReply> EndlessAsync()
        {
            try
            {
                while (true)
                {
                    yield return new EchoReply();
                    await Task.Yield();
                }
            }
            finally
            {
                disposed.Set();
            }
        }
    }

    [Theory]
    [EachLink]
    public async Task Token_OfTheEnumeration_IsTheHandlersToo(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var same = false;
        link.Service.OnDownload = (_, _, token) => new OneReply(ofTheEnumeration => same = ofTheEnumeration == token && token.CanBeCanceled);

        await link.Client.RunAsync(MethodType.ServerStreaming).Within();

        Assert.True(same);
    }

    [Theory]
    [EachLink]
    public async Task Requests_CutOffByTheCaller_EndTheHandlersReadingByItsToken(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var failed = new TaskCompletionSource<(Exception, CancellationToken)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new Signal();
        link.Service.OnUpload = async (requests, _, token) =>
        {
            try
            {
                await foreach (var request in requests)
                    began.Set();
                failed.SetResult((new InvalidOperationException("They ended as if they were whole."), token));
            }
            catch (Exception exception)
            {
                failed.SetResult((exception, token));
                throw;
            }

            return new EchoReply();
        };
        using var cancellation = new CancellationTokenSource();

        var call = link.Client.UploadAsync(TrackedRequests.ThenIdle(1), cancellationToken: cancellation.Token);
        await began.WaitAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        var (exception, token) = await failed.Task.Within();
        Assert.Equal(token, Assert.IsAssignableFrom<OperationCanceledException>(exception).CancellationToken);
    }

    [Theory]
    [EachLink]
    public async Task Requests_ReadWithATokenOfOnesOwn_EndByIt(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var began = new Signal();
        using var mine = new CancellationTokenSource();
        OperationCanceledException? told = null;
        link.Service.OnUpload = async (requests, _, _) =>
        {
            told = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var request in requests.WithCancellation(mine.Token))
                    began.Set();
            });
            return new EchoReply { Count = 7 };
        };

        var call = link.Client.UploadAsync(TrackedRequests.ThenIdle(1));
        await began.WaitAsync();
        await mine.CancelAsync();

        Assert.Equal(7, (await call.Within()).Count);
        Assert.Equal(mine.Token, told!.CancellationToken);
    }

    [Fact]
    public void Binding_WithoutImplementation_AddsTheMethodsByName()
    {
        var added = new NameBinder();
        var definition = Bound.Definition<IEcho>();

        definition.Bind(added, implementation: null);

        Assert.Equal(["Unary", "Upload", "Download", "Duplex", "Pipe"], added.Names);
        Assert.Equal(["Unary", "Upload", "Download", "Duplex", "Pipe"], definition.Methods.Select(method => method.Method.Name));
        Assert.Equal("plugwire.contracts.tests.Echo", definition.ServiceName);
        Assert.Equal("plugwire.contracts.tests.Echo", definition.Descriptor.FullName);
    }

    private sealed class LazyEcho : IEcho;

    private sealed class OneReply(Action<CancellationToken> enumerated) : IAsyncEnumerable<EchoReply>
    {
        public IAsyncEnumerator<EchoReply> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            enumerated(cancellationToken);
            return OneAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        }

        private static async IAsyncEnumerable<EchoReply> OneAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new EchoReply();
        }
    }

    private sealed class NameBinder : ServiceBinderBase
    {
        public List<string> Names { get; } = [];

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

        private void Add(IMethod method, Delegate? handler)
        {
            Assert.Null(handler);
            Names.Add(method.Name);
        }
    }
}
