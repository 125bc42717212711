using System.Globalization;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

/// <summary>
/// Records conversations, to compare them with a file or to replay one side. It is an interceptor: put it among the host's (<c>options.Host.Interceptors</c> of a harness), before any
/// <see cref="CallInvoker"/> (<c>invoker.Intercept(recorder)</c>), or into a plugin (<c>plugin.Services.AddSingleton(recorder); plugin.AddInterceptor&lt;TranscriptRecorder&gt;()</c>), where it also
/// sees which calls are made from which handler. It changes nothing about the calls. Safe for use by several threads.
/// </summary>
/// <remarks>
/// What a side that handles a call sends as response headers passes it by; the side that makes the call records them.
/// </remarks>
public sealed partial class TranscriptRecorder : Interceptor
{
    /// <summary>How many lines are kept. What records more fails to be compared.</summary>
    public const int Capacity = 100_000;

    // The call that this flow handles.
    private readonly AsyncLocal<int?> _handled = new();
    private readonly Lock _gate = new();
    private readonly List<TranscriptLine> _lines = [];
    private readonly HashSet<int> _open = [];
    private readonly TranscriptOptions _options;
    private readonly TranscriptMessages _messages;
    private TaskCompletionSource _allEnded = Completed();
    private Exception? _failure;
    private int _calls;

    /// <summary>Creates a recorder that has nothing yet.</summary>
    /// <param name="options">What of a conversation is recorded; null for the defaults.</param>
    public TranscriptRecorder(TranscriptOptions? options = null)
    {
        _options = options ?? new TranscriptOptions();
        _messages = _options.Messages;
    }

    /// <summary>What has been recorded. Waits until all calls have ended, for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">A call is still open, or something could not be recorded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Transcript> CompleteAsync(CancellationToken cancellationToken = default)
    {
        await Expectation.MetAsync(AllEnded(), Patience, DescribeOpen, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_failure is not null)
                throw new ExpectationException($"The conversation could not be recorded: {_failure.Message}", _failure);
            return new Transcript([.. _lines], _options);
        }
    }

    /// <summary>
    /// Compares what has been recorded with a file, when all calls have ended. A file that is missing is written when the environment variable <see cref="ContractSnapshot.WriteVariable"/> is <c>1</c>;
    /// one that is there never is: who means a change deletes it first.
    /// </summary>
    /// <remarks>
    /// What one side of a call says has to come in the file's order. What its two sides say at the same time has no order, and neither have calls that are open at the same time in the file: their lines
    /// stand as they came. A call that begins after another's end in the file has to come after it.
    /// </remarks>
    /// <param name="path">The file. A path that is not absolute begins in the directory of the source file that calls, or of the program where there are no sources.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="sourceFile">The source file that calls; the compiler knows.</param>
    /// <exception cref="ExpectationException">The conversation is another: names the file's lines. Or a call is still open.</exception>
    /// <exception cref="FileNotFoundException">There is no file, and none was to be written; the message says how it is.</exception>
    /// <exception cref="FormatException">The file is no transcript; says in which line.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task VerifyAsync(string path, CancellationToken cancellationToken = default, [CallerFilePath] string sourceFile = "")
    {
        var found = await CompleteAsync(cancellationToken).ConfigureAwait(false);
        TranscriptFile.Verify(TranscriptFile.Locate(path, sourceFile), found, _options, Environment.GetEnvironmentVariable(ContractSnapshot.WriteVariable) == "1");
    }

    /// <summary>How long calls may take to end, by the system's clock.</summary>
    internal TimeSpan Patience { get; init; } = Expectation.Limit;

    private RecordedCall Begin(string kind, string method, Metadata? headers)
    {
        int number;
        lock (_gate)
        {
            number = ++_calls;
            if (_open.Count == 0)
                _allEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open.Add(number);
            Add(new TranscriptLine(number, kind, kind == LineKind.Call && _handled.Value is { } parent ? string.Create(CultureInfo.InvariantCulture, $"{method} from {parent}") : method));
        }

        var call = new RecordedCall(this, number);
        call.AddHeaders(LineKind.Header, headers);
        return call;
    }

    private void Add(TranscriptLine line)
    {
        if (_lines.Count < Capacity)
            _lines.Add(line);
        else
            _failure ??= new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"it is longer than {Capacity} lines."));
    }

    private Task AllEnded()
    {
        lock (_gate)
            return _allEnded.Task;
    }

    private string DescribeOpen()
    {
        lock (_gate)
        {
            var open = _lines.Where(line => LineKind.IsStart(line.Kind) && _open.Contains(line.Call)).Take(10).Select(line => $"{Environment.NewLine}  {line}");
            return $"All calls were expected to end, and these have not:{string.Concat(open)}{Environment.NewLine}";
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    /// <summary>One call, as it goes on. What comes after its end is of no interest any more.</summary>
    private sealed class RecordedCall(TranscriptRecorder recorder, int number)
    {
        private bool _hasHeaders;

        public int Number => number;

        public void AddHeaders(string kind, Metadata? headers)
        {
            foreach (var entry in (headers ?? []).Where(entry => !recorder._options.IgnoredHeaders.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
                Add(kind, $"{entry.Key}: {TranscriptMessages.Quote(entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value)}");
        }

        public void AddResponseHeaders(Task<Metadata> headers)
        {
            if (_hasHeaders || !headers.IsCompletedSuccessfully)
                return;

            _hasHeaders = true;
            AddHeaders(LineKind.ResponseHeader, headers.GetAwaiter().GetResult());
        }

        public void AddMessage(string kind, object message)
        {
            try
            {
                Add(kind, recorder._messages.ToJson(message));
            }
            catch (Exception failure) when (failure is NotSupportedException or InvalidOperationException)
            {
                // The call has not deserved it: whoever compares is told.
                lock (recorder._gate)
                    recorder._failure ??= failure;
            }
        }

        public void AddEndOfRequests() => Add(LineKind.EndOfRequests, "");

        public void Cancel() => End(LineKind.Cancel, "");

        public void End(in Status status, Metadata? trailers)
        {
            AddHeaders(LineKind.Trailer, trailers);
            End(LineKind.Status, status.Detail is { Length: > 0 } detail ? $"{status.StatusCode} {TranscriptMessages.Quote(detail)}" : status.StatusCode.ToString());
        }

        public void Fail(Exception failure, bool isCancelled)
        {
            if (isCancelled && failure is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
                Cancel();
            else if (failure is RpcException rpc)
                End(rpc.Status, rpc.Trailers);
            else
                End(new Status(StatusCode.Unknown, failure.GetType().Name), trailers: null);
        }

        private void End(string kind, string value)
        {
            TaskCompletionSource? ended = null;
            lock (recorder._gate)
            {
                if (!recorder._open.Contains(number))
                    return;
                AddLine(kind, value);
                recorder._open.Remove(number);
                if (recorder._open.Count == 0)
                    ended = recorder._allEnded;
            }

            ended?.SetResult();
        }

        private void Add(string kind, string value)
        {
            lock (recorder._gate)
            {
                if (recorder._open.Contains(number))
                    AddLine(kind, value);
            }
        }

        private void AddLine(string kind, string value) => recorder.Add(new TranscriptLine(number, kind, recorder._options.Normalize?.Invoke(kind, value) ?? value));
    }
}
