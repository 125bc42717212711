using Plugwire.Descriptors;

namespace Plugwire.Launching;

/// <summary>The standard input that a host holds open for as long as it lives.</summary>
internal sealed class Lifeline
{
    private readonly int _descriptor;

    private Lifeline(int descriptor) => _descriptor = descriptor;

    /// <summary>
    /// Takes the lifeline away from descriptor 0, which becomes empty: neither the author's <c>Console.In</c> nor a child of the
    /// plugin reads from it or waits on it. Never throws: a lifeline that is not there is a host that is gone.
    /// </summary>
    public static Lifeline Take()
    {
        if (OperatingSystem.IsWindows())
            return new Lifeline(Descriptor.StandardInput);

        try
        {
            var lifeline = Descriptor.Duplicate(Descriptor.StandardInput);
            using var nothing = File.OpenHandle("/dev/null");
            Descriptor.Replace((int)nothing.DangerousGetHandle(), Descriptor.StandardInput);
            return new Lifeline(lifeline);
        }
        catch (IOException)
        {
            return new Lifeline(-1);
        }
    }

    /// <summary>Blocks until the host lets go. Bytes are ignored; an input that cannot be read any more has ended.</summary>
    public void WaitForEnd()
    {
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            if (OperatingSystem.IsWindows())
            {
                var input = WindowsConsole.OpenStandardInput();
                while (input.Read(ignored) > 0)
                    continue;
            }
            else
            {
                while (Descriptor.Read(_descriptor, ignored) > 0)
                    continue;
            }
        }
        catch (IOException)
        {
            // Said above: it has ended.
        }
    }
}
