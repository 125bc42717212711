using System.Buffers;
using System.Text;
using Examples.Scanning;

namespace Examples.Secrets;

/// <summary>
/// A password in a URL: <c>scheme://user:password@host</c>. A password that begins with <c>$</c>, <c>%s</c> or consists of one repeated
/// <c>*</c> is a placeholder. Neither user nor password is shown: tokens travel in both.
/// </summary>
internal sealed class UrlPasswordPattern() : Pattern("secret/url-password", "A password in a URL.", "://"u8)
{
    private const int LongestScheme = 32;
    private const int LongestCredentials = 256;
    private const int LongestHost = 64;

    private static readonly SearchValues<byte> SchemeBytes = SearchValues.Create("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> EndsCredentials = SearchValues.Create([.. Enumerable.Range(0, 33).Select(value => (byte)value), .. "\"'`<>/\\?#{}|^@\u007f"u8]);

    public override Hit Look(ReadOnlySpan<byte> view, int at)
    {
        var credentials = at + Anchor.Length;
        var scheme = SchemeStart(view, at);
        var length = view[credentials..Math.Min(view.Length, credentials + LongestCredentials)].IndexOfAny(EndsCredentials);
        if (scheme == at || length < 0 || view[credentials + length] != '@')
            return Hit.None(credentials);

        var userInfo = view.Slice(credentials, length);
        var colon = userInfo.IndexOf((byte)':');
        if (colon < 0 || !IsPassword(userInfo[(colon + 1)..]))
            return Hit.None(credentials);

        var host = view[(credentials + length + 1)..];
        host = host[..Math.Min(host.Length, LongestHost)];
        var hostLength = host.IndexOfAnyExcept(HostBytes);
        host = hostLength < 0 ? host : host[..hostLength];
        return host.IsEmpty
            ? Hit.None(credentials)
            : Hit.At(scheme, credentials + length, $"{Encoding.ASCII.GetString(view[scheme..at])}://…:…@{Encoding.ASCII.GetString(host)}");
    }

    private static int SchemeStart(ReadOnlySpan<byte> view, int at)
    {
        var earliest = Math.Max(0, at - LongestScheme);
        var start = earliest + view[earliest..at].LastIndexOfAnyExcept(SchemeBytes) + 1;
        while (start < at && !char.IsAsciiLetter((char)view[start]))
            start++;
        return start;
    }

    private static bool IsPassword(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value[0] != '$' && !value.StartsWith("%s"u8) && value.ContainsAnyExcept((byte)'*');
}
