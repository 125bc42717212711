using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Logs;

namespace Plugwire.Testing;

/// <summary>
/// A log that a test can look into and wait on: everything that a host and its plugins say, structured, across the border of their processes too. A line of a plugin's comes a moment after it was
/// logged: wait for it. When the plugin has ended, the log is complete. Safe for use by several threads.
/// </summary>
public sealed class RecordedLogs : ILoggerFactory
{
    /// <summary>How many entries are kept; with more the oldest go, and a failing check says how many have gone.</summary>
    public const int Capacity = 10_000;

    private const int MostShown = 50;

    // An output that hangs must not keep a test from ending.
    private static readonly TimeSpan LongestLine = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Taken before the gate: so lines are shown in the order in which entries are kept, and an output that is slow holds up nobody who reads.
    private readonly Lock _showing = new();
    private readonly ILoggerFactory? _next;
    private readonly Queue<LogRecord> _records = new();
    private readonly List<Func<LogRecord, bool>> _allowed = [];
    private volatile Action<string>? _output;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _gone;

    /// <summary>Creates an empty log.</summary>
    /// <param name="output">Takes each entry as a line, until the log is disposed of; never two at a time, and never after that. What it throws is passed over. Null for nowhere.</param>
    /// <param name="next">Takes the entries as well; null for nobody. It is the caller's.</param>
    public RecordedLogs(Action<string>? output = null, ILoggerFactory? next = null)
    {
        _output = output;
        _next = next;
    }

    /// <summary>What has been logged so far, in its order.</summary>
    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>The entries at <see cref="LogLevel.Error"/> and above that no test has allowed.</summary>
    public IReadOnlyList<LogRecord> UnexpectedErrors
    {
        get
        {
            LogRecord[] errors;
            Func<LogRecord, bool>[] allowed;
            lock (_gate)
            {
                errors = [.. _records.Where(record => record.Level is >= LogLevel.Error and < LogLevel.None)];
                allowed = [.. _allowed];
            }

            return [.. errors.Where(record => !Array.Exists(allowed, predicate => predicate(record)))];
        }
    }

    /// <summary>Says which errors are part of the test: they do not fail it. Counts for entries that are there already, too.</summary>
    /// <param name="predicate">True for an error that may be; null for any.</param>
    public void AllowErrors(Func<LogRecord, bool>? predicate = null)
    {
        lock (_gate)
            _allowed.Add(predicate ?? (static _ => true));
    }

    /// <summary>The first entry for which the predicate is true: one that is there, or the next to come. Waits for 30 s at most.</summary>
    /// <param name="predicate">Which entry; called with entries in their order, on the flow of whoever waits.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">None came. Says what came instead.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<LogRecord> WaitForAsync(
        Func<LogRecord, bool> predicate, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return WaitForAsync(predicate, Expectation.Limit, expression, cancellationToken);
    }

    /// <summary>The one entry for which the predicate is true.</summary>
    /// <param name="predicate">Which entry.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">There is none, or more than one. Says what there is.</exception>
    public LogRecord Single(Func<LogRecord, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var found = Records.Where(predicate).ToArray();
        return found.Length == 1 ? found[0] : throw new ExpectationException(Describe($"One log entry was expected, and there are {found.Length}", expression));
    }

    /// <summary>That there is no entry for which the predicate is true.</summary>
    /// <param name="predicate">Which entry must not be.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">There is one. Says what there is.</exception>
    public void None(Func<LogRecord, bool> predicate, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        if (Records.Any(predicate))
            throw new ExpectationException(Describe("No log entry was expected", expression));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, categoryName, _next?.CreateLogger(categoryName));

    /// <summary>Not supported: give what else is to have the entries to the constructor.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A recorded log takes another logger factory in its constructor, and no provider later.");

    /// <summary>Lets the output go: nothing is written to it any more when this returns. Entries that come later are still recorded.</summary>
    public void Dispose()
    {
        _output = null;
        if (_showing.TryEnter(LongestLine))
            _showing.Exit();
    }

    internal async Task<LogRecord> WaitForAsync(Func<LogRecord, bool> predicate, TimeSpan limit, string? expression, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await Expectation.MetAsync(
                FindAsync(predicate, over.Token), limit, () => Describe("A log entry was expected", expression), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    internal void Add(LogRecord record)
    {
        lock (_showing)
        {
            Keep(record).TrySetResult();
            Show(record);
        }
    }

    private async Task<LogRecord> FindAsync(Func<LogRecord, bool> predicate, CancellationToken cancellationToken)
    {
        for (var seen = 0L; ;)
        {
            LogRecord[] news;
            Task more;
            lock (_gate)
            {
                news = [.. _records.Skip((int)Math.Max(seen - _gone, 0))];
                seen = _gone + _records.Count;
                more = _more.Task;
            }

            if (Array.Find(news, record => predicate(record)) is { } found)
                return found;
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private TaskCompletionSource Keep(LogRecord record)
    {
        lock (_gate)
        {
            _records.Enqueue(record);
            if (_records.Count > Capacity)
            {
                _records.Dequeue();
                _gone++;
            }

            return Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    // Within the lock, so that no line comes after the disposal: an output of a test framework aborts the run then.
    private void Show(LogRecord record)
    {
        try
        {
            _output?.Invoke(record.ToString());
        }
        catch (Exception)
        {
            // Whoever logs has not deserved the failure of the test's output, and there is no other place to tell it.
            _output = null;
        }
    }

    private string Describe(string expected, string? expression)
    {
        LogRecord[] records;
        long gone;
        lock (_gate)
            (records, gone) = ([.. _records], _gone);

        var text = new StringBuilder().Append(expected).Append(": ").Append(expression).Append('.');
        if (records.Length == 0)
            return text.Append(" Nothing has been logged.").ToString();

        text.Append(" The log:");
        var left = Math.Max(records.Length - MostShown, 0);
        if (gone + left is var before and > 0)
            text.AppendLine().Append("  ... ").Append(before).Append(" entries before");
        foreach (var record in records.AsSpan(left))
            text.AppendLine().Append("  ").Append(record);
        return text.AppendLine().ToString();
    }
}
