namespace Plugwire.Hosting.Launching.Programs;

/// <summary>What kind of file is meant to be run.</summary>
internal enum ProgramFormat
{
    Unknown,
    Empty,
    Text,
    Script,
    Elf,
    Windows,
    MachO,
}
