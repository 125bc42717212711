using System.Globalization;

namespace Plugwire.Wire.Rpc.Fields;

/// <summary>The field grpc-timeout: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MostDigits = 8;
    private const long LargestValue = 99_999_999;

    /// <summary>The longest time the field can tell in seconds, a little over three years; what is longer is as good as none.</summary>
    public static TimeSpan Longest => TimeSpan.FromSeconds(LargestValue);

    /// <summary>In the finest unit that holds the time. A fraction is rounded up: the peer never gives up before the caller.</summary>
    public static string Format(TimeSpan timeout)
    {
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H'),
        ];
        foreach (var (ticks, unit) in units)
        {
            var value = (timeout.Ticks / ticks) + (timeout.Ticks % ticks > 0 ? 1 : 0);
            if (value <= LargestValue)
                return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(value, 0)}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{LargestValue}H");
    }

    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MostDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        double? ticks = text[^1] switch
        {
            // A nanosecond is a hundredth of a tick: rounded up, so that no time becomes none.
            'n' => Math.Ceiling(value / (double)TimeSpan.NanosecondsPerTick),
            'u' => value * (double)TimeSpan.TicksPerMicrosecond,
            'm' => value * (double)TimeSpan.TicksPerMillisecond,
            'S' => value * (double)TimeSpan.TicksPerSecond,
            'M' => value * (double)TimeSpan.TicksPerMinute,
            'H' => value * (double)TimeSpan.TicksPerHour,
            _ => null,
        };
        if (ticks is null)
            return false;

        timeout = ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
