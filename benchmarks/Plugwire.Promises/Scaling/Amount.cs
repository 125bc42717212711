namespace Plugwire.Promises.Scaling;

/// <summary>A number that goes with the scale: how many runs, plugins, calls, seconds.</summary>
/// <param name="Short">At <see cref="Scale.Short"/>.</param>
/// <param name="Medium">At <see cref="Scale.Medium"/>.</param>
/// <param name="Overnight">At <see cref="Scale.Overnight"/>.</param>
internal readonly record struct Amount(int Short, int Medium, int Overnight)
{
    public int At(Scale scale) => scale switch
    {
        Scale.Short => Short,
        Scale.Medium => Medium,
        _ => Overnight,
    };
}
