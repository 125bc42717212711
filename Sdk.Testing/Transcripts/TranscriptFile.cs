using Plugwire.Snapshots;

namespace Plugwire.Testing.Transcripts;

/// <summary>The file with which a conversation is compared.</summary>
internal static class TranscriptFile
{
    private const string HowToWrite = $"set the environment variable {ContractSnapshot.WriteVariable} to 1, run the test once, and commit the file.";

    public static string Locate(string path, string sourceFile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(sourceFile);
        return SnapshotPath.Resolve(path, sourceFile);
    }

    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="FormatException">It is no transcript.</exception>
    public static Transcript Read(string path, TranscriptOptions options)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no transcript at '{path}'. To make one, {HowToWrite}", path);
        try
        {
            return Transcript.Parse(File.ReadAllText(path), options);
        }
        catch (FormatException failure)
        {
            throw new FormatException($"'{path}' is no transcript: {failure.Message} Take it from the version control again, or delete it, and to make a new one, {HowToWrite}", failure);
        }
    }

    /// <exception cref="ExpectationException">The conversation is another.</exception>
    public static void Verify(string path, Transcript found, TranscriptOptions options, bool mayWrite)
    {
        if (mayWrite && !File.Exists(path))
        {
            File.WriteAllText(path, found.ToString());
            return;
        }

        if (TranscriptComparison.Differences(Read(path, options).Calls, found.Calls) is { } differences)
        {
            throw new ExpectationException(
                $"The conversation is another than in the transcript '{path}' (-: expected, +: found).\n{differences}\nIf the new one is right, delete the file, and to make a new one, {HowToWrite}");
        }
    }
}
