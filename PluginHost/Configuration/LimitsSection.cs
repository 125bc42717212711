namespace Plugwire.Hosting.Configuration;

/// <summary>The text form of <see cref="PluginLimitOptions"/>. Null is what was not written.</summary>
internal sealed class LimitsSection
{
    public int? OpenFiles { get; set; }

    public long? ManagedHeap { get; set; }

    public bool? CoreDumps { get; set; }

    public int? OomScoreAdjustment { get; set; }

    public void ApplyTo(PluginLimitOptions limits)
    {
        limits.OpenFiles = OpenFiles ?? limits.OpenFiles;
        limits.ManagedHeap = ManagedHeap ?? limits.ManagedHeap;
        limits.CoreDumps = CoreDumps ?? limits.CoreDumps;
        limits.OomScoreAdjustment = OomScoreAdjustment ?? limits.OomScoreAdjustment;
    }
}
