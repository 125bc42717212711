using System.Net.Sockets;

namespace Plugwire.Promises.Attacking;

/// <summary>This program in place of a plugin: it says where it listens, and attacks whoever connects.</summary>
internal static class AttackingPlugin
{
    public static async Task<bool> RunAsync(string name, CancellationToken cancellationToken)
    {
        var attack = Attack.All.Concat(Attack.Messages).SingleOrDefault(attack => attack.Name == name) ?? throw new PromiseException($"There is no attack '{name}'.");
        var path = Path.Combine(Environment.GetEnvironmentVariable("TMPDIR") ?? throw new PromiseException("There is no TMPDIR: an attack is started by a host."), "plugin.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        await Console.Out.WriteLineAsync($"1|1|unix|{path}|grpc|");
        var attacks = new List<Task>();
        while (!cancellationToken.IsCancellationRequested)
            attacks.Add(AttackAsync(await listener.AcceptAsync(cancellationToken), attack, cancellationToken));
        await Task.WhenAll(attacks);
        return true;
    }

    private static async Task AttackAsync(Socket socket, Attack attack, CancellationToken cancellationToken)
    {
        using (socket)
        {
            // The question that is answered with it.
            await socket.ReceiveAsync(new byte[64 * 1024], cancellationToken);
            await attack.SendAsync(socket, isServer: true, cancellationToken);
        }
    }
}
