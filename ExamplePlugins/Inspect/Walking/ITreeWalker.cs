namespace Examples.Inspect.Walking;

/// <summary>Walks a tree, name by name, following no symlink, in memory that does not grow with the number of files.</summary>
internal interface ITreeWalker : IDisposable
{
    /// <summary>Goes on to the next name; false at the end. What cannot be read is an entry, never an exception.</summary>
    bool MoveNext(out TreeEntry entry);

    /// <summary>Opens the file of the entry that <see cref="MoveNext"/> gave last.</summary>
    OpenedFile Open();
}
