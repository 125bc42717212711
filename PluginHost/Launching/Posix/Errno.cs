namespace Plugwire.Hosting.Launching.Posix;

/// <summary>Linux's error numbers, as far as they are told apart here.</summary>
internal static class Errno
{
    public const int NoSuchProcess = 3;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int NoDevice = 6;
    public const int ListTooLong = 7;
    public const int BadFormat = 8;
    public const int NoChild = 10;
    public const int TryAgain = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int TooManyOpenFilesInSystem = 23;
    public const int TooManyOpenFiles = 24;
    public const int TextBusy = 26;
    public const int TooManyLinks = 40;
}
