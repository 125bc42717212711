using System.Globalization;

namespace Plugwire.Hosting.Output;

/// <summary>
/// How many lines of one stream may be logged: so many a second, and twice that at once. When they are used up, none is until a second's worth has come back: a flood then shows as a
/// few lines and a count each second, not as every hundredth line with a count of its own.
/// </summary>
/// <param name="perSecond">Null for no limit.</param>
/// <param name="what">The lines, as the subject of a sentence.</param>
/// <param name="timeProvider">Where the time comes from.</param>
internal sealed class LogAllowance(int? perSecond, string what, TimeProvider timeProvider)
{
    /// <summary>For output that nobody should write.</summary>
    public const int OfStrayOutput = 100;

    private const int SecondsAtOnce = 2;

    private readonly double _most = (double)(perSecond ?? 0) * SecondsAtOnce;
    private double _tokens = (double)(perSecond ?? 0) * SecondsAtOnce;
    private long _last = timeProvider.GetTimestamp();
    private bool _isUsedUp;
    private bool _isSaid;
    private long _refused;

    /// <summary>Whether one more line may be logged.</summary>
    /// <param name="notice">What is to be said first, at level Warning; null for nothing.</param>
    public bool TryTake(out string? notice)
    {
        notice = null;
        if (perSecond is not { } rate)
            return true;

        var now = timeProvider.GetTimestamp();
        _tokens = Math.Min(_most, _tokens + (timeProvider.GetElapsedTime(_last, now).TotalSeconds * rate));
        _last = now;
        _isSaid &= _tokens < _most;
        if (_isUsedUp && _tokens < rate)
        {
            _refused++;
            return false;
        }

        if (_isUsedUp)
            notice = TakeNotice();
        _isUsedUp = false;
        if (_tokens >= 1)
        {
            _tokens--;
            return true;
        }

        _isUsedUp = true;
        _refused++;
        if (!_isSaid)
            notice = string.Create(CultureInfo.InvariantCulture, $"More than {rate} {what} come in a second. They are left out of the log until fewer come.");
        _isSaid = true;
        return false;
    }

    /// <summary>At the end: what has not been said yet of lines that were left out; null for nothing.</summary>
    public string? TakeNotice()
    {
        if (_refused == 0)
            return null;

        var notice = string.Create(CultureInfo.InvariantCulture, $"{_refused} {what} were left out of the log.");
        _refused = 0;
        return notice;
    }
}
