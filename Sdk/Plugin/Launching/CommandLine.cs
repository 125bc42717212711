using Microsoft.Extensions.Configuration;

namespace Plugwire.Launching;

/// <summary>The program's arguments as configuration.</summary>
internal static class CommandLine
{
    /// <exception cref="LaunchRefusedException">An argument has a form that no configuration can be made of.</exception>
    public static void AddTo(IConfigurationBuilder configuration, string[] args)
    {
        if (args.Length == 0)
            return;

        try
        {
            configuration.AddCommandLine(args);
        }
        catch (FormatException failure)
        {
            throw new LaunchRefusedException($"The plugin's arguments cannot be read as configuration. {failure.Message} Write --name=value or --name value.", failure);
        }
    }
}
