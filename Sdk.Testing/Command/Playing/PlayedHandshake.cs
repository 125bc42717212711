using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Faults.Handshakes;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What stands on standard output at the plugin's start, and who listens at the address in it.</summary>
internal sealed class PlayedHandshake(PlayedRole role, RpcServer server)
{
    private const int ForeignVersion = int.MaxValue;
    private const int EndlessBlock = 64 * 1024;

    /// <summary>Prints it, and tells the kit.</summary>
    /// <returns>False when the plugin ends here.</returns>
    public async Task<bool> PrintAsync()
    {
        if (role.Has(RoleWords.ExitsEarly))
        {
            await role.Kit.SayAsync(ReportWords.Printed);
            return false;
        }

        var address = await ListenAsync();
        await using var output = PlayedOutput.Open(PlayedOutput.Output);
        if (role.Has(RoleWords.Endless))
        {
            await role.Kit.SayAsync(ReportWords.Printed);
            await PrintForEverAsync(output);
        }

        var text = TextOf(LineOf(address));
        if (role.Has(RoleWords.ByteByByte))
        {
            foreach (var one in text)
                await output.WriteAsync(new[] { one });
        }
        else if (text.Length > 0)
        {
            await output.WriteAsync(text);
        }

        if (role.Has(RoleWords.Partial))
            PlayedOutput.Close(PlayedOutput.Output);
        await role.Kit.SayAsync(ReportWords.Printed);
        return true;
    }

    private static async Task PrintForEverAsync(FileStream output)
    {
        try
        {
            var block = Encoding.ASCII.GetBytes(new string('1', EndlessBlock));
            while (true)
                await output.WriteAsync(block);
        }
        catch (IOException)
        {
            // The host has had enough of it.
        }
    }

    private async Task<string> ListenAsync()
    {
        var directory = Environment.GetEnvironmentVariable(LaunchVariables.SocketDirectory) is { Length: > 0 } named ? named : Path.GetTempPath();
        var path = Path.Combine(directory, "plugin" + Environment.ProcessId);
        if (role.Has(RoleWords.DeadSocket))
        {
            DeadSocket.Make(path);
        }
        else if (role.Has(RoleWords.SocketOfAnother))
        {
            await role.Kit.SayAsync(ReportWords.Listen, path);
            await role.WaitAsync();
        }
        else if (!role.Has(RoleWords.MissingSocket))
        {
            if (role.Has(RoleWords.SocketElsewhere))
                path = Path.Combine(role.Directory, ReportWords.ElsewhereName);
            server.Start(UnixSocketListener.Bind(path));
        }

        return path;
    }

    private HandshakeLine LineOf(string address) => new(
        role.Has(RoleWords.CoreVersion) ? HandshakeLine.CurrentCoreVersion + 1 : HandshakeLine.CurrentCoreVersion,
        role.Has(RoleWords.ForeignVersion) ? ForeignVersion : ProtocolVersions.Parse(Environment.GetEnvironmentVariable(LaunchVariables.ProtocolVersions), out _).DefaultIfEmpty(1).Max(),
        role.Has(RoleWords.UnknownNetwork) ? "pigeon" : HandshakeLine.Unix,
        address,
        role.Has(RoleWords.NetRpc) ? HandshakeLine.NetRpc : HandshakeLine.Grpc,
        role.Has(RoleWords.Certificate) ? NewCertificate() : "");

    private byte[] TextOf(HandshakeLine line)
    {
        var text = line.Format();
        if (role.Has(RoleWords.Silent))
            return [];
        if (role.Has(RoleWords.Garbage))
            return [0x00, 0xff, 0x80, 0xfe, (byte)'%', (byte)'\'', (byte)'\n'];
        if (role.Has(RoleWords.Partial) || role.Has(RoleWords.Stalled))
            return Encoding.UTF8.GetBytes(text[..(text.Length / 2)]);
        if (role.Has(RoleWords.NoiseBefore))
            return Encoding.UTF8.GetBytes($"Hello, world!\n{text}\n");
        if (role.Has(RoleWords.TwoLines))
            return Encoding.UTF8.GetBytes($"{text}\n{(line with { Address = line.Address + "-not-there" }).Format()}\n");
        return Encoding.UTF8.GetBytes(text + (role.Has(RoleWords.CarriageReturn) ? "\r\n" : "\n"));
    }

    private static string NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(certificate.RawData).TrimEnd('=');
    }
}
