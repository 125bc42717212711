using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Serving;

/// <summary>Answers with the number of the instance that answers, and notes what becomes of it.</summary>
internal sealed class EchoService : Echo.EchoBase, IAsyncDisposable
{
    private readonly Journal _journal;
    private readonly int _number;

    public EchoService(Journal journal)
    {
        _journal = journal;
        _number = journal.NextInstance();
        journal.Add($"made {_number}");
    }

    public override Task<Text> Unary(Text request, ServerCallContext context)
    {
        _journal.Add($"unary {_number}");
        return request.Value == "throw" ? throw new InvalidOperationException("as told") : Task.FromResult(new Text { Value = $"{request.Value} {_number}" });
    }

    public override async Task<Text> Collect(IAsyncStreamReader<Text> requestStream, ServerCallContext context)
    {
        var all = "";
        while (await requestStream.MoveNext(context.CancellationToken))
            all += requestStream.Current.Value;
        _journal.Add($"collect {_number}");
        return new Text { Value = all };
    }

    public override async Task Repeat(Text request, IServerStreamWriter<Text> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(request);
        await responseStream.WriteAsync(request);
        _journal.Add($"repeat {_number}");
    }

    public override async Task Both(IAsyncStreamReader<Text> requestStream, IServerStreamWriter<Text> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(requestStream.Current);
        _journal.Add($"both {_number}");
    }

    public ValueTask DisposeAsync()
    {
        _journal.Add($"disposed {_number}");
        return ValueTask.CompletedTask;
    }
}
