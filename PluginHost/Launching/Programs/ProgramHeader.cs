using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Plugwire.Hosting.Launching.Programs;

/// <summary>What the beginning of a file says about how it could be run. Read only after it could not be, to say why.</summary>
/// <param name="Format">What kind of file it is.</param>
/// <param name="Machine">The processor's number in an ELF file; 0 otherwise.</param>
/// <param name="Interpreter">What the <c>#!</c> line names, or an ELF file's loader; null when there is none.</param>
internal sealed record ProgramHeader(ProgramFormat Format, ushort Machine = 0, string? Interpreter = null)
{
    /// <summary>As much of a file as is looked at.</summary>
    public const int MaxBytes = 4096;

    private const int MachineOffset = 18;
    private const uint LoaderSegment = 3;

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ProgramHeader Read(string path)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[MaxBytes];
        return Parse(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0)));
    }

    /// <summary>Never throws, whatever the bytes are.</summary>
    public static ProgramHeader Parse(ReadOnlySpan<byte> start) => start switch
    {
        [] => new ProgramHeader(ProgramFormat.Empty),
        [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => ParseElf(start),
        [(byte)'#', (byte)'!', .. var line] => new ProgramHeader(ProgramFormat.Script, Interpreter: FirstWord(line)),
        [(byte)'M', (byte)'Z', ..] => new ProgramHeader(ProgramFormat.Windows),
        [0xCF or 0xCE, 0xFA, 0xED, 0xFE, ..] or [0xCA, 0xFE, 0xBA, 0xBE, ..] => new ProgramHeader(ProgramFormat.MachO),
        _ => new ProgramHeader(start.Contains((byte)0) ? ProgramFormat.Unknown : ProgramFormat.Text),
    };

    /// <summary>The processor as a person calls it.</summary>
    public static string NameOfMachine(ushort machine) => machine switch
    {
        3 => "x86 (32 bit)",
        8 => "MIPS",
        20 => "PowerPC",
        21 => "PowerPC (64 bit)",
        22 => "s390x",
        40 => "ARM (32 bit)",
        62 => "x64",
        183 => "ARM64",
        243 => "RISC-V",
        258 => "LoongArch",
        _ => $"processor number {machine}",
    };

    /// <summary>The processor that this system runs on, as ELF numbers it; 0 when that is not known.</summary>
    public static ushort MachineOf(Architecture architecture) => architecture switch
    {
        Architecture.X86 => 3,
        Architecture.X64 => 62,
        Architecture.Arm or Architecture.Armv6 => 40,
        Architecture.Arm64 => 183,
        Architecture.S390x => 22,
        Architecture.Ppc64le => 21,
        Architecture.RiscV64 => 243,
        Architecture.LoongArch64 => 258,
        _ => 0,
    };

    private static ProgramHeader ParseElf(ReadOnlySpan<byte> start)
    {
        if (start.Length < MachineOffset + 2)
            return new ProgramHeader(ProgramFormat.Elf);

        var is64 = start[4] == 2;
        var isLittle = start[5] != 2;
        var machine = isLittle
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[MachineOffset..])
            : BinaryPrimitives.ReadUInt16BigEndian(start[MachineOffset..]);
        return new ProgramHeader(ProgramFormat.Elf, machine, is64 && isLittle ? FindLoader(start) : null);
    }

    // The table of segments follows the header of every usual binary, and the loader's name the table: both are within what was read.
    private static string? FindLoader(ReadOnlySpan<byte> elf)
    {
        if (elf.Length < 64)
            return null;

        var table = BinaryPrimitives.ReadUInt64LittleEndian(elf[32..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(elf[54..]);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(elf[56..]);
        for (var i = 0UL; i < entries && entrySize >= 56; i++)
        {
            var offset = table + (i * entrySize);
            if (offset > (ulong)elf.Length || (ulong)elf.Length - offset < 56)
                return null;

            var entry = elf[(int)offset..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != LoaderSegment)
                continue;

            var position = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            return position <= (ulong)elf.Length && length <= (ulong)elf.Length - position
                ? Encoding.UTF8.GetString(elf.Slice((int)position, (int)length)).TrimEnd('\0')
                : null;
        }

        return null;
    }

    private static string? FirstWord(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny((byte)'\n', (byte)0);
        var words = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length > 0 ? words[0] : null;
    }
}
