using System.Globalization;
using Plugwire.Descriptors;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>The group of users that a go-plugin host lets use the plugin's sockets.</summary>
internal static unsafe class SocketGroup
{
    private const uint SameUser = uint.MaxValue;
    private const int BufferBytes = 64 * 1024;

    /// <summary>The number of a group given by number or by name.</summary>
    /// <exception cref="LaunchRefusedException">There is no such group.</exception>
    public static uint Find(string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;

        // struct group: name, password, number, members.
        var entry = stackalloc nint[4];
        nint* found = null;
        var buffer = new byte[BufferBytes];
        fixed (byte* start = buffer)
        {
            if (NativeCalls.GetGroupByName(group, entry, start, BufferBytes, &found) == 0 && found is not null)
                return (uint)found[2];
        }

        throw new LaunchRefusedException($"The host wants the plugin's socket to belong to the group '{group}' ({LaunchVariables.SocketGroup}), and there is no such group.");
    }

    /// <exception cref="LaunchRefusedException">The system refuses.</exception>
    public static void Give(string path, uint id, string group)
    {
        if (NativeCalls.ChangeOwner(path, SameUser, id) < 0)
        {
            throw new LaunchRefusedException(
                Descriptor.Failure($"give {path} to the group '{group}' ({LaunchVariables.SocketGroup})").Message + " The plugin's user must be a member of it.");
        }
    }
}
