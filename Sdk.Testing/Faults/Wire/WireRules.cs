namespace Plugwire.Testing.Faults.Wire;

/// <summary>
/// What happens to the bytes of one direction: the rules, which a test changes at any time, and the counts on which they go. One connection at a time has it.
/// </summary>
/// <param name="seed">Of the jitter.</param>
internal sealed class WireRules(int seed)
{
    private readonly Lock _gate = new();
    private readonly Queue<FrameInjection> _injections = new();
    private TaskCompletionSource _changed = NewSignal();
    private Random? _jitter;
    private TimeSpan _shortestDelay;
    private TimeSpan _longestDelay;
    private bool _isBlackHole;
    private long? _lastByte;
    private long? _lastMessage;
    private long? _corruptedFrame;
    private long? _corruptedMessage;
    private long _framesBegun;
    private long _messagesBegun;
    private long _bytes;
    private long _frames;
    private long _messages;
    private volatile bool _isSliced;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Frames => Interlocked.Read(ref _frames);

    public long Messages => Interlocked.Read(ref _messages);

    public bool IsSliced
    {
        get => _isSliced;
        set => _isSliced = value;
    }

    /// <summary>Ends with the next change. To be taken before one looks at the rules.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public bool IsBlackHole
    {
        get
        {
            lock (_gate)
                return _isBlackHole;
        }
        set => Change(() => _isBlackHole = value);
    }

    public bool HasInjection
    {
        get
        {
            lock (_gate)
                return _injections.Count > 0;
        }
    }

    public bool IsCutDue
    {
        get
        {
            lock (_gate)
                return IsCutDueUnderGate;
        }
    }

    private bool IsCutDueUnderGate => _bytes >= _lastByte || _messages >= _lastMessage;

    public void Delay(TimeSpan shortest, TimeSpan longest) =>
        Change(() => (_jitter, _shortestDelay, _longestDelay) = (longest > TimeSpan.Zero ? new Random(seed) : null, shortest, longest));

    public void CutAfterBytes(long count) => Change(() => _lastByte = _bytes + count);

    public void CutAfterMessages(long count) => Change(() => _lastMessage = _messages + count);

    public void CorruptFrame(int number) => Change(() => _corruptedFrame = _framesBegun + number);

    public void CorruptMessage(int number) => Change(() => _corruptedMessage = _messagesBegun + number);

    public FrameInjection Inject(WireFrame frame)
    {
        var injection = new FrameInjection(frame);
        Change(() => _injections.Enqueue(injection));
        return injection;
    }

    public bool TryTakeInjection([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FrameInjection? injection)
    {
        lock (_gate)
            return _injections.TryDequeue(out injection);
    }

    /// <summary>Whether the connection is to be cut before the next byte. True once for each time that it was asked for.</summary>
    public bool TakeCut()
    {
        lock (_gate)
            return TakeCutUnderGate();
    }

    /// <summary>How long the next frame waits.</summary>
    public TimeSpan NextDelay()
    {
        lock (_gate)
            return _jitter is null ? TimeSpan.Zero : _shortestDelay + ((_longestDelay - _shortestDelay) * _jitter.NextDouble());
    }

    /// <summary>Counts a run of bytes that is about to pass.</summary>
    public WireVerdict Judge(WireStep step)
    {
        lock (_gate)
        {
            var corrupted = (step.FrameBegins && Reached(ref _corruptedFrame, ++_framesBegun)) | (step.MessageBegins && Reached(ref _corruptedMessage, ++_messagesBegun));
            var length = _lastByte is { } last ? (int)Math.Min(step.Length, last - _bytes) : step.Length;
            _bytes += length;
            if (length == step.Length)
            {
                _frames += step.FrameEnds ? 1 : 0;
                _messages += step.MessageEnds ? 1 : 0;
            }

            return new WireVerdict(length, corrupted, TakeCutUnderGate());
        }
    }

    private static bool Reached(ref long? awaited, long number)
    {
        if (awaited != number)
            return false;
        awaited = null;
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool TakeCutUnderGate()
    {
        if (!IsCutDueUnderGate)
            return false;
        _lastByte = _lastMessage = null;
        return true;
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }
}
