using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>What must be true of a launch before the plugin starts.</summary>
internal static class LaunchCheck
{
    /// <summary>What to tell a person who started the program by hand; null when a host of its application started it.</summary>
    public static string? FindStranger(Func<string, string?> variable, string cookieKey, string cookieValue)
    {
        // Exact, and of the whole: the cookie is no secret, it tells a launch from a click.
        var cookie = variable(cookieKey);
        return string.Equals(cookie, cookieValue, StringComparison.Ordinal)
            ? null
            : "This program is a plugin: it does nothing by itself, it is started by the application that it extends. Start that application instead.\n" +
              $"(To the application's author: the environment variable {cookieKey} {(cookie is null ? "is not set" : "has another value than the plugin expects")}.)";
    }

    /// <exception cref="LaunchRefusedException">The host asks for what is not there.</exception>
    public static void RefuseUnknown(Func<string, string?> variable)
    {
        if (!string.IsNullOrEmpty(variable(LaunchVariables.ClientCertificate)))
        {
            throw new LaunchRefusedException(
                $"The host wants TLS between itself and the plugin (AutoMTLS: {LaunchVariables.ClientCertificate} is set), which this version of Plugwire " +
                "does not speak. Turn AutoMTLS off in the host; the plugin's socket is open to its own user only.");
        }
    }
}
