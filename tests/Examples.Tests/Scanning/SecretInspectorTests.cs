using System.Text;
using Examples.Secrets;
using FsCheck;
using FsCheck.Fluent;

namespace Examples.Tests.Scanning;

public sealed class SecretInspectorTests
{
    // Put together at run time, so that this file holds none.
    private static readonly string Letters36 = string.Concat(Enumerable.Repeat("aB3dE6gH9", 4));

    private static readonly Dictionary<string, (string Rule, string Secret)> Samples = new(StringComparer.Ordinal)
    {
        ["aws id"] = ("secret/aws-access-key", "AKIA" + "IOSFODNN7EXAMPLE"),
        ["aws session id"] = ("secret/aws-access-key", "ASIA" + "IOSFODNN7EXAMPLE"),
        ["aws secret"] = ("secret/aws-secret-key", "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ["aws secret in the environment"] = ("secret/aws-secret-key", "AWS_SECRET_ACCESS_KEY=\"" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\""),
        ["azure"] = ("secret/azure-storage-key", "AccountKey=" + new string('k', 86) + "=="),
        ["github"] = ("secret/github-token", "ghp_" + Letters36),
        ["github oauth"] = ("secret/github-token", "gho_" + Letters36),
        ["github server"] = ("secret/github-token", "ghs_" + Letters36),
        ["github fine-grained"] = ("secret/github-token", "github_pat_" + "11AAAAAAA0aaaaaaaaaaaa_" + new string('b', 59)),
        ["gitlab"] = ("secret/gitlab-token", "glpat-" + "abcdefghij0123456789"),
        ["google"] = ("secret/google-api-key", "AIza" + "SyA-1234567890_abcdefghijklmnopqrst"),
        ["npm"] = ("secret/npm-token", "npm_" + Letters36),
        ["slack"] = ("secret/slack-token", "xoxb-" + "123456789012-abcdefGHIJKL"),
        ["stripe"] = ("secret/stripe-key", "sk_live_" + "abcdefghijklmnop12345678"),
        ["rsa key"] = ("secret/private-key", "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA"),
        ["key"] = ("secret/private-key", "-----BEGIN " + "PRIVATE KEY-----\r\nMIIEpAIBAAKCAQEA"),
        ["openssh key"] = ("secret/private-key", "-----BEGIN " + "OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk"),
        ["pgp key"] = ("secret/private-key", "-----BEGIN " + "PGP PRIVATE KEY BLOCK-----\n\nlQOYBF"),
        ["url"] = ("secret/url-password", "postgres://admin:" + "hunter2secret@db.example.com:5432/app"),
        ["url without a user"] = ("secret/url-password", "redis://:" + "hunter2secret@localhost"),
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scan_Secret_IsFoundOnceWhereItStands(string name)
    {
        var (rule, secret) = Samples[name];
        var finding = Assert.Single(ScannerRun.Scan(SecretInspectorService.Secrets, Encoding.UTF8.GetBytes($"first\n  x: '{secret}'\n")));

        Assert.Equal(rule, finding.RuleId);
        Assert.Equal(2, finding.Line);
        Assert.Equal(7, finding.Column);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Scan_Secret_IsShownMasked(string name)
    {
        var (rule, secret) = Samples[name];
        var finding = Assert.Single(ScannerRun.Scan(SecretInspectorService.Secrets, Encoding.UTF8.GetBytes(secret)));

        Assert.Contains('…', finding.Text);
        Assert.DoesNotContain("hunter2", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("MIIE", finding.Text, StringComparison.Ordinal);
        if (rule.EndsWith("-token", StringComparison.Ordinal) || rule.EndsWith("-key", StringComparison.Ordinal) && !finding.Text.Contains("PRIVATE", StringComparison.Ordinal))
            Assert.Equal(5, finding.Text[(finding.Text.IndexOf('=', StringComparison.Ordinal) + 1)..].Length);
    }

    [Theory]
    [InlineData("AKIA1234")]
    [InlineData("XAKIAIOSFODNN7EXAMPL1")]
    [InlineData("AKIAIOSFODNN7EXAMPLE1")]
    [InlineData("ghp_short")]
    [InlineData("xoxb-")]
    [InlineData("https://example.com/a:b@c")]
    [InlineData("https://user@example.com")]
    [InlineData("https://user:$PASSWORD@example.com")]
    [InlineData("https://user:${PASSWORD}@example.com")]
    [InlineData("https://user:{password}@example.com")]
    [InlineData("https://user:<password>@example.com")]
    [InlineData("https://user:***@example.com")]
    [InlineData("https://user:%s@example.com")]
    [InlineData("https://user:@example.com")]
    [InlineData("://user:password@example.com")]
    [InlineData("if (line == \"-----BEGIN PRIVATE KEY-----\")")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("aws_secret_access_key = os.environ['KEY']")]
    public void Scan_NoSecret_IsNotFound(string line) =>
        Assert.Empty(ScannerRun.Scan(SecretInspectorService.Secrets, Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Scan_SeveralOnOneLine_FindsEach()
    {
        var line = string.Join(' ', Samples.Values.Where(sample => !sample.Secret.Contains('\n', StringComparison.Ordinal)).Select(sample => sample.Secret));
        Assert.Equal(Samples.Values.Count(sample => !sample.Secret.Contains('\n', StringComparison.Ordinal)), ScannerRun.Scan(SecretInspectorService.Secrets, Encoding.UTF8.GetBytes(line)).Count);
    }

    [Fact]
    public void Scan_AnyBytesInAnyPieces_FindsWhatItFindsInOne()
    {
        byte[][] parts = [.. Samples.Values.Select(sample => Encoding.UTF8.GetBytes(sample.Secret)), .. new[] { " ", "\n", "'", "/", "a", "_", "-", "ghp_", "AKIA", "://", "@", ":", "=" }.Select(Encoding.UTF8.GetBytes)];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cuts.Of(parts), cuts =>
            ScannerRun.Scan(SecretInspectorService.Secrets, cuts.Bytes, cuts.Pieces).SequenceEqual(ScannerRun.Scan(SecretInspectorService.Secrets, cuts.Bytes))));
    }
}
