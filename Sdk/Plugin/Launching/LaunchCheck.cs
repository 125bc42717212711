using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>What must be true of a launch before the plugin starts.</summary>
internal static class LaunchCheck
{
    /// <exception cref="LaunchRefusedException">The program was not started by a host of its application, or by one that asks for what is not there.</exception>
    public static void Check(Func<string, string?> variable, string cookieKey, string cookieValue)
    {
        // Exact, and of the whole: the cookie is no secret, it tells a launch from a click.
        if (!string.Equals(variable(cookieKey), cookieValue, StringComparison.Ordinal))
        {
            throw new LaunchRefusedException(
                "This program is a plugin: it does nothing by itself, it is started by the application that it extends. Start that application instead." +
                Environment.NewLine +
                $"(To an application's author: the environment variable {cookieKey} {(variable(cookieKey) is null ? "is not set" : "has another value than the plugin expects")}.)");
        }

        if (!string.IsNullOrEmpty(variable(LaunchVariables.ClientCertificate)))
        {
            throw new LaunchRefusedException(
                $"The host wants TLS between itself and the plugin (AutoMTLS: {LaunchVariables.ClientCertificate} is set), which this version of Plugwire " +
                "does not speak. Turn AutoMTLS off in the host; the plugin's socket is open to its own user only.");
        }
    }
}
