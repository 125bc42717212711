namespace Plugwire.Hosting.Configuration;

/// <summary>What a configuration may say about the watch over a plugin's health; null is what was not written.</summary>
internal sealed class HealthSection
{
    public TimeSpan? Interval { get; set; }

    public TimeSpan? Timeout { get; set; }

    public TimeSpan? BusyTimeout { get; set; }

    public bool? EndsUnresponsive { get; set; }

    public TimeSpan? NotServingTimeout { get; set; }

    public int? MaxDeafHandlers { get; set; }

    public void ApplyTo(PluginHealthOptions options)
    {
        options.Interval = Interval ?? options.Interval;
        options.Timeout = Timeout ?? options.Timeout;
        options.BusyTimeout = BusyTimeout ?? options.BusyTimeout;
        options.EndsUnresponsive = EndsUnresponsive ?? options.EndsUnresponsive;
        options.MaxDeafHandlers = MaxDeafHandlers ?? options.MaxDeafHandlers;
        options.NotServingTimeout = NotServingTimeout ?? options.NotServingTimeout;
    }
}
