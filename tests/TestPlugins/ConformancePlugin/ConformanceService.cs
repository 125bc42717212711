using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;

namespace Plugwire.TestPlugins.Conformance;

/// <summary>The conformance contract as its comments say, but for the one case that is to fail.</summary>
internal sealed class ConformanceService(PluginOutput output, WaitJournal waits, Fault fault) : Testing.Conformance.Contract.Conformance.ConformanceBase
{
    private const string EchoedPrefix = "x-conformance-";

    // What cuts the calls beside a cancelled one, where that is the fault.
    private static readonly CancellationTokenSource Others = new();

    public override async Task<Payload> Echo(Payload request, ServerCallContext context)
    {
        if (fault.Breaks("call.empty-message") && request.CalculateSize() == 0)
            throw new RpcException(new Status(StatusCode.Internal, "No message."));
        if (fault.Breaks("message.large") && request.Data.Length == 1024 * 1024)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Too large."));

        var headers = new Metadata();
        foreach (var header in context.RequestHeaders.Where(header => header.Key.StartsWith(EchoedPrefix, StringComparison.Ordinal)))
        {
            if (fault.Breaks("metadata.binary") && header.IsBinary)
                headers.Add(header.Key, [.. header.ValueBytes.Reverse()]);
            else if (!fault.Breaks("metadata.repeated") || headers.Get(header.Key) is null)
                headers.Add(header);
        }

        if (headers.Count > 0)
            await context.WriteResponseHeadersAsync(fault.Breaks("metadata.headers") ? [] : headers);
        foreach (var header in fault.Breaks("metadata.trailers") ? [] : headers)
            context.ResponseTrailers.Add(header);

        var answer = request.Clone();
        if (fault.Breaks("call.unary"))
            answer.Text += "!";
        if (fault.Breaks("call.parallel") && request.Number is > 0 and < 100)
            answer.Number++;
        if (fault.Breaks("message.sizes") && request.Data.Length == 65_535)
            answer.Data = ByteString.CopyFrom(new byte[65_535]);
        return answer;
    }

    public override async Task Count(CountRequest request, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        var data = ByteString.CopyFrom(new byte[request.Size]);
        var count = fault.Breaks("call.empty-stream") ? Math.Max(request.Count, 1) : request.Count;
        for (var i = 0; i < count; i++)
        {
            if (fault.Breaks("message.unread-stream") && i == 10)
                continue;
            var number = fault.Breaks("call.server-stream") ? count - 1 - i : i;
            await responseStream.WriteAsync(new Payload { Number = number, Data = data }, context.CancellationToken);
        }
    }

    public override async Task<Summary> Collect(IAsyncStreamReader<Payload> requestStream, ServerCallContext context)
    {
        var summary = new Summary { Messages = fault.Breaks("call.client-stream") ? 1 : 0 };
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            summary.Messages++;
            summary.Bytes += requestStream.Current.Data.Length;
            var enough = requestStream.Current.Text == "enough" && !fault.Breaks("half-close.early-answer");
            if (enough || fault.Breaks("half-close.awaited"))
                break;
        }

        return summary;
    }

    public override async Task Converse(IAsyncStreamReader<Payload> requestStream, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, Others.Token);
        var kept = new List<Payload>();
        var count = 0;
        while (await requestStream.MoveNext(end.Token))
        {
            count++;
            if (fault.Breaks("call.duplex"))
                kept.Add(requestStream.Current);
            else
                await responseStream.WriteAsync(requestStream.Current, end.Token);
        }

        foreach (var message in kept)
            await responseStream.WriteAsync(message, end.Token);
        if (!fault.Breaks("half-close.seen"))
            await responseStream.WriteAsync(new Payload { Text = "half-closed", Number = count }, end.Token);
    }

    public override async Task Fail(FailRequest request, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Messages && !fault.Breaks("status.after-messages"); i++)
            await responseStream.WriteAsync(new Payload { Number = i }, context.CancellationToken);

        var code = fault.Breaks("status.code") && request.Code == (int)StatusCode.PermissionDenied ? StatusCode.Unknown : (StatusCode)request.Code;
        var message = fault.Breaks("status.message") ? Uri.EscapeDataString(request.Message) : request.Message;
        throw request.Details.Count > 0 && !fault.Breaks("status.details")
            ? RichError.Create(code, message, [.. request.Details])
            : new RpcException(new Status(code, message));
    }

    public override async Task Wait(WaitRequest request, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        var left = context.Deadline == DateTime.MaxValue ? 0 : (long)(context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMilliseconds;
        var observation = new Observation { Cancelled = true, RemainingMilliseconds = fault.Breaks("deadline.reaches-handler") ? 0 : left };
        await context.WriteResponseHeadersAsync([]);
        await responseStream.WriteAsync(new Payload(), context.CancellationToken);

        var isDeaf = request.Key switch
        {
            "near" => fault.Breaks("deadline.ends-handler"),
            "cancelled" => fault.Breaks("cancel.reaches-handler"),
            "lost" => fault.Breaks("cancel.connection-lost"),
            "shutdown" => fault.Breaks("shutdown.while-calling"),
            _ => false,
        };
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(isDeaf ? CancellationToken.None : context.CancellationToken);
        }
        finally
        {
            if (fault.Breaks("cancel.others-go-on"))
                await Others.CancelAsync();
            waits.Note(request.Key, observation);
        }
    }

    public override Task<Observation> Observe(ObserveRequest request, ServerCallContext context) => waits.EndAsync(request.Key, context.CancellationToken);

    public override Task<LogResponse> Log(LogRequest request, ServerCallContext context)
    {
        output.Log(request.Text);
        return Task.FromResult(new LogResponse());
    }

    public override Task<PrintResponse> Print(PrintRequest request, ServerCallContext context)
    {
        for (var i = 0; i < request.Times; i++)
        {
            if (request.ToStandardError)
                output.PrintError(request.Text);
            else
                output.Print(request.Text);
        }

        return Task.FromResult(new PrintResponse());
    }

    public override Task<Payload> LeftOut(Payload request, ServerCallContext context) =>
        fault.Breaks("status.unimplemented") ? Task.FromResult(request) : base.LeftOut(request, context);
}
