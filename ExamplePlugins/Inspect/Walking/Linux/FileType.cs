namespace Examples.Inspect.Walking.Linux;

/// <summary>The types of a name, by the numbers that <c>d_type</c> has and <c>st_mode</c> in its upper four bits.</summary>
internal enum FileType : byte
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    Symlink = 10,
    Socket = 12,
}
