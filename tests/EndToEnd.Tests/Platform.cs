// Processes are looked at through /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
