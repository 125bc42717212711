namespace Plugwire.Hosting;

/// <summary>Why a plugin did not start. A program decides by it; <see cref="Exception.Message"/> tells a person.</summary>
public enum PluginStartReason
{
    /// <summary>Something that has no reason of its own here: the message and the inner exception tell.</summary>
    Other,

    /// <summary>An option is missing or has a value that cannot be used.</summary>
    InvalidOptions,

    /// <summary>There is no program at the path, or none of that name on the search path.</summary>
    NotFound,

    /// <summary>The path names a directory.</summary>
    IsDirectory,

    /// <summary>The file may not be executed.</summary>
    NotExecutable,

    /// <summary>The file is no program: neither a binary of this system nor a script with a <c>#!</c> line.</summary>
    BadFormat,

    /// <summary>The file is a program for another processor or another operating system.</summary>
    WrongArchitecture,

    /// <summary>What the program needs to run is missing: dotnet, python3, node, a script's interpreter, a binary's loader.</summary>
    RuntimeMissing,

    /// <summary>The working directory does not exist or may not be entered.</summary>
    WorkingDirectoryMissing,

    /// <summary>The launch directory could not be made, or its path is too long for a socket.</summary>
    LaunchDirectoryUnusable,

    /// <summary>The host or the system has no file descriptor left.</summary>
    TooManyOpenFiles,

    /// <summary>The process ended before it served.</summary>
    ExitedEarly,

    /// <summary>The step did not end within its budget.</summary>
    TimedOut,

    /// <summary>What the plugin printed first is no handshake line.</summary>
    BadHandshake,

    /// <summary>Host and plugin have no protocol version in common.</summary>
    VersionMismatch,

    /// <summary>The plugin speaks a protocol or a network that this host does not.</summary>
    UnsupportedProtocol,

    /// <summary>The plugin named an address that is not its launch's own, or another user's or a foreign process listens there.</summary>
    AddressRefused,

    /// <summary>The plugin's address does not answer.</summary>
    ConnectFailed,

    /// <summary>The plugin answers, and says that it does not serve.</summary>
    NotServing,

    /// <summary>Host and plugin mean different things by a contract: a <see cref="ContractMismatchException"/>.</summary>
    ContractMismatch,

    /// <summary>The plugin does not describe a contract, and <see cref="PluginOptions.ContractCheck"/> requires it to.</summary>
    ContractNotDescribed,

    /// <summary>What the plugin says of itself, its contracts or its capabilities, cannot be used.</summary>
    BadDescription,

    /// <summary>The plugin's files are not those of its manifest, or the manifest is not the expected one or cannot be read: a <see cref="PluginIntegrityException"/>.</summary>
    IntegrityViolation,

    /// <summary>The plugin's files could not be copied: one cannot be read, there are too many or too large ones, or there is no room for the copy.</summary>
    CopyFailed,
}
