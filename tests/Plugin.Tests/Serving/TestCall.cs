using Grpc.Core;

namespace Plugwire.Tests.Serving;

/// <summary>A call without a wire.</summary>
internal sealed class TestCall(CancellationToken cancellationToken = default) : ServerCallContext
{
    protected override string MethodCore => "/test";

    protected override string HostCore => "test";

    protected override string PeerCore => "test";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => cancellationToken;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => throw new NotSupportedException();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    /// <summary>What the handler has sent ahead; null while it has not.</summary>
    public Metadata? Headers { get; private set; }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        Headers = responseHeaders;
        return Task.CompletedTask;
    }
}

internal sealed class ListReader<T>(params T[] items) : IAsyncStreamReader<T>
{
    private int _next = -1;

    public T Current => items[_next];

    public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(++_next < items.Length);
}

internal sealed class ListWriter<T> : IServerStreamWriter<T>
{
    public List<T> Written { get; } = [];

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message)
    {
        Written.Add(message);
        return Task.CompletedTask;
    }
}
