namespace Olha.Load;

/// <summary>What stands there to be used, and how far it is to be used.</summary>
/// <param name="Cores">Of a node.</param>
/// <param name="Gib">Memory of a node.</param>
/// <param name="Connections">Of a node at most: <c>LIMIT_CONNECTIONS</c>.</param>
/// <param name="Mbit">That a node sends a second.</param>
/// <param name="PostgresCores">Of the machine that PostgreSQL has.</param>
/// <param name="Used">The part of each that may be used at the busiest moment.</param>
/// <param name="SocketBytes">That a silent client may be sent a second.</param>
internal sealed record Machines(int Cores, int Gib, int Connections, int Mbit, int PostgresCores, double Used, double SocketBytes)
{
    public static Machines Usual { get; } = new(4, 8, 50_000, 1000, 16, 0.6, 4096);
}
