using System.Text;

namespace Examples.Inspect.Walking.Linux;

/// <summary>A name as the C library wants it: with a zero at its end.</summary>
internal static class TerminatedName
{
    public static byte[] Of(ReadOnlySpan<byte> name)
    {
        var terminated = new byte[name.Length + 1];
        name.CopyTo(terminated);
        return terminated;
    }

    public static byte[] Of(string name) => Of(Encoding.UTF8.GetBytes(name));
}
