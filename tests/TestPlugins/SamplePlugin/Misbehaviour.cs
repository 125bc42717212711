using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.TestPlugins.Sample;

/// <summary>What a plugin's process should not do.</summary>
internal static class Misbehaviour
{
    public static void Begin(Mischief mischief, IHostApplicationLifetime lifetime)
    {
        switch (mischief.KindCase)
        {
            case Mischief.KindOneofCase.LeaveFile:
                File.WriteAllText(Path.Combine(Path.GetTempPath(), mischief.LeaveFile), "left");
                break;
            case Mischief.KindOneofCase.LeaveChild:
                Process.Start(new ProcessStartInfo("sleep", ["1000"]))!.Dispose();
                break;
            case Mischief.KindOneofCase.ExitCode:
                Environment.Exit(mischief.ExitCode);
                break;
            case Mischief.KindOneofCase.WaitForSignal:
                var signalled = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(0));
                lifetime.ApplicationStopping.Register(Hang, signalled);
                break;
            case Mischief.KindOneofCase.Hang:
                lifetime.ApplicationStopping.Register(Hang, null);
                break;
            case Mischief.KindOneofCase.ExitCodeOfStop:
                lifetime.ApplicationStopped.Register(() => Environment.Exit(mischief.ExitCodeOfStop));
                break;
            default:
                throw new ArgumentException("Misbehave how?", nameof(mischief));
        }
    }

    private static void Hang(object? kept)
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        GC.KeepAlive(kept);
    }
}
