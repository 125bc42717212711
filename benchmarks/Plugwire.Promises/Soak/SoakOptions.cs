namespace Plugwire.Promises.Soak;

/// <param name="Length">How long plugins are called and mistreated.</param>
/// <param name="Plugins">How many.</param>
/// <param name="Seed">What chance begins with. The order of what threads and processes do is not in it.</param>
internal sealed record SoakOptions(TimeSpan Length, int Plugins, int Seed)
{
    public const int DefaultPlugins = 50;
}
