using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Plugwire.Testing.Expecting;

namespace Plugwire.Testing.Transcripts;

/// <summary>Makes the calls of a transcript once more, line by line.</summary>
internal sealed class CallerReplay
{
    // What comes beyond that is as wrong as it is.
    private const int MostExtraResponses = 100;

    private readonly Dictionary<int, ReplayedRequest> _calls = [];
    private readonly CallInvoker _invoker;
    private readonly IReadOnlyList<ServiceDescriptor> _services;
    private readonly TranscriptMessages _messages;
    private readonly CancellationToken _cancellationToken;

    private CallerReplay(CallInvoker invoker, IReadOnlyList<ServiceDescriptor> services, TranscriptMessages messages, CancellationToken cancellationToken)
    {
        _invoker = invoker;
        _services = services;
        _messages = messages;
        _cancellationToken = cancellationToken;
    }

    /// <returns>What was said this time.</returns>
    /// <exception cref="ExpectationException">An answer does not come.</exception>
    /// <exception cref="ArgumentException">The transcript does not fit the services.</exception>
    public static async Task<Transcript> RunAsync(
        IReadOnlyList<TranscriptLine> lines, IReadOnlyList<TranscriptCall> calls, CallInvoker invoker, IReadOnlyList<ServiceDescriptor> services, TranscriptOptions options,
        CancellationToken cancellationToken)
    {
        var recorder = new TranscriptRecorder(options);
        var replay = new CallerReplay(invoker.Intercept(recorder), services, options.Messages, cancellationToken);
        var replayed = calls.ToDictionary(call => call.Start.Call);
        try
        {
            foreach (var line in lines)
            {
                if (!replayed.TryGetValue(line.Call, out var call))
                    continue;
                try
                {
                    await replay.PlayAsync(line, call).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is RpcException or InvalidOperationException)
                {
                    // The call has ended with that: the recorder has it, and the comparison tells whether it is right.
                }
            }
        }
        finally
        {
            foreach (var call in replay._calls.Values)
                call.Dispose();
        }

        return await recorder.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task PlayAsync(TranscriptLine line, TranscriptCall call)
    {
        switch (line.Kind)
        {
            case LineKind.Call or LineKind.Serve:
                _calls.Add(line.Call, new ReplayedRequest(_invoker, DescribedMethod.Find(call.Method, _services), HeadersOf(call), _cancellationToken));
                break;
            case LineKind.Request:
                await MetAsync(_calls[line.Call].SendAsync(ReadRequest(line, _calls[line.Call].RequestType)), line).ConfigureAwait(false);
                break;
            case LineKind.EndOfRequests:
                await MetAsync(_calls[line.Call].CompleteAsync(), line).ConfigureAwait(false);
                break;
            case LineKind.Response:
                await MetAsync(_calls[line.Call].ReadAsync(), line).ConfigureAwait(false);
                break;
            case LineKind.Status:
                for (var extra = 0; extra <= MostExtraResponses && await MetAsync(_calls[line.Call].ReadAsync(), line).ConfigureAwait(false); extra++)
                {
                    // The recorder has it.
                }

                _calls[line.Call].Dispose();
                break;
            case LineKind.Cancel:
                _calls[line.Call].Dispose();
                break;
        }
    }

    private IMessage ReadRequest(TranscriptLine line, MessageDescriptor type)
    {
        try
        {
            return _messages.FromJson(line.Value, type);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} of the transcript, '{line}', has no {type.FullName}: {failure.Message}"), failure);
        }
    }

    private static Metadata HeadersOf(TranscriptCall call)
    {
        var headers = new Metadata();
        foreach (var (key, value) in call.Requests.Where(line => line.Kind == LineKind.Header).Select(HeaderLine.Read))
        {
            if (key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
                headers.Add(key, Convert.FromBase64String(value));
            else
                headers.Add(key, value);
        }

        return headers;
    }

    private async Task<bool> MetAsync(Task<bool> step, TranscriptLine line) =>
        await Expectation.MetAsync(
            step, Expectation.Limit, () => string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} of the transcript was expected to happen: {line}."), _cancellationToken).ConfigureAwait(false);
}
