// Processes are looked at through /proc, and started from shells.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
