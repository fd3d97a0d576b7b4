namespace Olha.Storage.Sqlite;

/// <summary>Files that only the program's own user may read.</summary>
internal static class PrivateFile
{
    /// <summary>Opens it, or makes it readable for its owner only.</summary>
    public static FileStream Open(string path, FileShare share, FileMode mode = FileMode.OpenOrCreate)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }

    /// <summary>Writes it anew. One that is there stays its owner's, whoever writes.</summary>
    public static void Write(string path, string text)
    {
        using var file = Open(path, FileShare.None);
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
