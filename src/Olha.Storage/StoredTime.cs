namespace Olha.Storage;

/// <summary>Times as the database keeps them: whole milliseconds. What is announced now equals what is read later.</summary>
public static class StoredTime
{
    public static DateTimeOffset GetStoredNow(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
