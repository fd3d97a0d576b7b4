namespace Olha.Storage;

/// <summary>What units of work that follow one another hand on, so that they need not ask the database again for what none of
/// them changes, nor write one by one what can be written once; see <see cref="Transaction.Share"/>.</summary>
public interface IShared
{
    /// <summary>Writes what is only known here so far: before the commit, and before another unit looks. May be called without
    /// need.</summary>
    /// <param name="tx">A unit of its own.</param>
    ValueTask SettleAsync(Transaction tx);
}
