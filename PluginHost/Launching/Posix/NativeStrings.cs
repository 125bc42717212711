using System.Runtime.InteropServices;
using System.Text;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>An array of C strings with a null at its end, as <c>argv</c> and <c>envp</c> are.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    public NativeStrings(IReadOnlyList<string> strings)
    {
        var pointers = (nuint)((strings.Count + 1) * sizeof(byte*));
        var size = pointers;
        foreach (var text in strings)
            size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;

        Pointer = (byte**)NativeMemory.Alloc(size);
        var next = (byte*)Pointer + pointers;
        var end = (byte*)Pointer + size;
        for (var i = 0; i < strings.Count; i++)
        {
            Pointer[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        Pointer[strings.Count] = null;
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
