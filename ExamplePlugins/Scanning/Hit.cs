namespace Examples.Scanning;

/// <summary>What a pattern says of one anchor.</summary>
public readonly struct Hit
{
    private Hit(int start, int resume, string? text)
    {
        Start = start;
        Resume = resume;
        Text = text;
    }

    /// <summary>Where the finding begins in the view, on the anchor's line.</summary>
    public int Start { get; }

    /// <summary>Where in the view this pattern's search goes on, behind the anchor's first byte.</summary>
    public int Resume { get; }

    /// <summary>What is shown of the finding; null when there is none.</summary>
    public string? Text { get; }

    public static Hit At(int start, int resume, string text) => new(start, resume, text);

    public static Hit None(int resume) => new(0, resume, null);
}
