namespace Plugwire.Hosting.Configuration;

/// <summary>What a configuration may say about a plugin's restarts; null is what was not written.</summary>
internal sealed class RestartSection
{
    public PluginRestartPolicy? Policy { get; set; }

    public int? MaxRestarts { get; set; }

    public TimeSpan? Window { get; set; }

    public TimeSpan? FirstDelay { get; set; }

    public TimeSpan? MaxDelay { get; set; }

    public TimeSpan? ForgivenAfter { get; set; }

    public void ApplyTo(PluginRestartOptions options)
    {
        options.Policy = Policy ?? options.Policy;
        options.MaxRestarts = MaxRestarts ?? options.MaxRestarts;
        options.Window = Window ?? options.Window;
        options.FirstDelay = FirstDelay ?? options.FirstDelay;
        options.MaxDelay = MaxDelay ?? options.MaxDelay;
        options.ForgivenAfter = ForgivenAfter ?? options.ForgivenAfter;
    }
}
