namespace Olha.Proof;

/// <summary>A backup of the first node while the checker's devices do everything that people do; it must be sound.</summary>
internal sealed class BackupStrike : IFault
{
    public string Name => "backup";

    public async Task RunAsync(World world, CancellationToken ct)
    {
        var file = $"{world.Nodes[0].DatabaseFile}.backup-{Path.GetRandomFileName()}";
        await BackUpAsync(world.Nodes[0], file, ct);
        var (code, said) = await world.Nodes[0].CommandAsync(ct, "restore", file, "--check");
        if (code != 0) throw new ProofException($"olha restore --check ended with {code}: {said}");
        File.Delete(file);
    }

    public static async Task BackUpAsync(Node node, string file, CancellationToken ct)
    {
        var (code, said) = await node.CommandAsync(ct, "backup", file);
        if (code != 0) throw new ProofException($"olha backup ended with {code}: {said}");
    }
}

/// <summary>The first node is killed and its database restored from a backup that holds all that there was: nothing is lost, but no device
/// can know that. Each must be told to start afresh, and then be right again.</summary>
internal sealed class RestoreStrike : IFault
{
    public string Name => "restore";

    public async Task RunAsync(World world, CancellationToken ct)
    {
        var node = world.Nodes[0];
        await node.KillAsync();
        var file = $"{node.DatabaseFile}.backup-{Path.GetRandomFileName()}";
        await BackupStrike.BackUpAsync(node, file, ct);
        world.History.WasRestored = true;
        var (code, said) = await node.CommandAsync(ct, "restore", file, "--replace");
        if (code != 0) throw new ProofException($"olha restore ended with {code}: {said}");
        await node.StartAsync(ct);
    }
}
