using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Plugwire.TestPlugins.ConsolePlugin.Contract;

namespace Plugwire.TestPlugins.ConsolePlugin;

internal static unsafe partial class Output
{
    public static void Write(Way way, string text)
    {
        switch (way)
        {
            case Way.Console:
                Console.WriteLine(text);
                break;
            case Way.Error:
                Console.Error.WriteLine(text);
                break;
            case Way.Native:
                WriteNatively(Encoding.UTF8.GetBytes(text + "\n"));
                break;
            case Way.Child:
                using (var child = Process.Start(new ProcessStartInfo("/bin/echo") { ArgumentList = { text } })!)
                    child.WaitForExit();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, "Not a way to write.");
        }
    }

    public static void BlockForGood()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    private static void WriteNatively(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            if (WriteNatively(1, start, (nuint)bytes.Length) != bytes.Length)
                throw new IOException("write(1) failed: " + Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNatively(int descriptor, byte* bytes, nuint count);
}
