using System.Buffers;
using Examples.Scanning;
using Plugwire;

namespace Examples.Secrets;

/// <summary>Finds credentials by the shapes their issuers gave them, and shows them masked.</summary>
internal sealed class SecretInspectorService() : PatternInspector("secret-inspector")
{
    private static readonly SearchValues<byte> Capitals = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    private static readonly SearchValues<byte> Letters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> Words = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> Dashed = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> Base64 = SearchValues.Create("+/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static readonly IReadOnlyList<Pattern> Secrets =
    [
        new PrivateKeyPattern(),
        new UrlPasswordPattern(),
        new TokenPattern("secret/aws-access-key", "An access key id of Amazon Web Services.", "AKIA"u8, Capitals, 16, 16),
        new TokenPattern("secret/aws-access-key", "An access key id of Amazon Web Services.", "ASIA"u8, Capitals, 16, 16),
        new AssignedKeyPattern("secret/aws-secret-key", "A secret access key of Amazon Web Services.", "aws_secret_access_key"u8, Base64, 40),
        new AssignedKeyPattern("secret/aws-secret-key", "A secret access key of Amazon Web Services.", "AWS_SECRET_ACCESS_KEY"u8, Base64, 40),
        new AssignedKeyPattern("secret/azure-storage-key", "An account key of Azure Storage.", "AccountKey"u8, Base64, 88),
        new TokenPattern("secret/google-api-key", "An API key of Google.", "AIza"u8, Dashed, 35, 35),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "ghp_"u8, Letters, 36, 251),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "gho_"u8, Letters, 36, 251),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "ghu_"u8, Letters, 36, 251),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "ghs_"u8, Letters, 36, 251),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "ghr_"u8, Letters, 36, 251),
        new TokenPattern("secret/github-token", "An access token of GitHub.", "github_pat_"u8, Words, 22, 244),
        new TokenPattern("secret/gitlab-token", "An access token of GitLab.", "glpat-"u8, Dashed, 20, 244),
        new TokenPattern("secret/npm-token", "An access token of npm.", "npm_"u8, Letters, 36, 36),
        new TokenPattern("secret/slack-token", "An access token of Slack.", "xoxa-"u8, Dashed, 10, 250),
        new TokenPattern("secret/slack-token", "An access token of Slack.", "xoxb-"u8, Dashed, 10, 250),
        new TokenPattern("secret/slack-token", "An access token of Slack.", "xoxp-"u8, Dashed, 10, 250),
        new TokenPattern("secret/slack-token", "An access token of Slack.", "xoxr-"u8, Dashed, 10, 250),
        new TokenPattern("secret/slack-token", "An access token of Slack.", "xoxs-"u8, Dashed, 10, 250),
        new TokenPattern("secret/stripe-key", "A live key of Stripe.", "sk_live_"u8, Letters, 16, 247),
        new TokenPattern("secret/stripe-key", "A live key of Stripe.", "rk_live_"u8, Letters, 16, 247),
    ];

    protected override ValueTask<IReadOnlyList<Pattern>> GetPatternsAsync(CallContext call, CancellationToken cancellationToken) => new(Secrets);
}
