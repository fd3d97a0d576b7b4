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

    /// <summary>Replaced whole, so that it never holds half of it.</summary>
    public static void Replace(string path, string text)
    {
        using (var file = Open($"{path}.new", FileShare.None, FileMode.Create)) file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        File.Move($"{path}.new", path, overwrite: true);
    }
}
