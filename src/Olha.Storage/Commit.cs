namespace Olha.Storage;

/// <summary>What became of units of work that were to be made durable together.</summary>
/// <param name="Units">How many: on PostgreSQL one, or the posts that were stored together.</param>
/// <param name="Took">From the beginning of their transaction until they were durable, or were not.</param>
/// <param name="Stored">Whether they are.</param>
public readonly record struct Commit(int Units, TimeSpan Took, bool Stored);
