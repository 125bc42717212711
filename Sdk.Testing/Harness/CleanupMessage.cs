using System.Text;

namespace Plugwire.Testing.Harness;

/// <summary>The message of a disposal that found something.</summary>
internal static class CleanupMessage
{
    public static string Of(string pluginName, PluginWay way, IReadOnlyCollection<string> left, Exception? thrown)
    {
        var text = new StringBuilder($"The harness of the plugin '{pluginName}' ({way}) should leave nothing behind, and it does:");
        foreach (var one in left)
            text.AppendLine().Append("  - ").Append(one);
        if (thrown is not null)
        {
            text.AppendLine().Append("The last exception that was thrown in the test before this, which may be what failed it: ").Append(thrown.GetType()).Append(": ").Append(thrown.Message);
        }

        return text.ToString();
    }
}
