namespace Plugwire.Wire.Launching;

/// <summary>What a plugin may call its optional features. Both sides hold to it: the plugin where its author adds one, the host where it is told of them.</summary>
internal static class CapabilityNames
{
    public const int Most = 100;
    public const int Longest = 100;

    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > Longest)
            return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
                return false;
        }

        return true;
    }
}
