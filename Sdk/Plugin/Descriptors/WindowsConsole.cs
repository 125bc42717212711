namespace Plugwire.Descriptors;

/// <summary>
/// What stands in for descriptors on Windows, where the console is redirected within .NET only: what native code or a child
/// writes still lands on the real standard output. Compiles everywhere; not tested on the systems that we test on.
/// </summary>
internal static class WindowsConsole
{
#pragma warning disable RS0030 // Nothing is printed here: the console is opened and led elsewhere, for which .NET has no other door.
    public static Stream OpenStandardOutput() => Console.OpenStandardOutput();

    public static Stream OpenStandardError() => Console.OpenStandardError();

    public static Stream OpenStandardInput() => Console.OpenStandardInput();

    public static void LeadOutputTo(Stream stream) => Console.SetOut(new StreamWriter(stream) { AutoFlush = true });
#pragma warning restore RS0030
}
