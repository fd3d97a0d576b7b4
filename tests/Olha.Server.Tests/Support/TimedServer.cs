using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Tests;

/// <summary>A server with its owner, on a clock that can be put forward.</summary>
public sealed class TimedServer : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    Guest? _owner;

    public TimedServer() => Server = new ChatServer(static options => options, _clock);

    public ChatServer Server { get; }

    /// <summary>The first account.</summary>
    public Guest Owner => _owner!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        _owner = await Server.SignUpAsync("owner");
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        await Server.DisposeAsync();
    }

    public Task<Guest> SignUpAsync(string like = "ana") => Server.SignUpAsync(like);

    /// <summary>Time passes.</summary>
    public void Forward(TimeSpan by) => _clock.Forward(by);

    /// <summary>Somebody new who is a guest. In General, as if they had been a member before.</summary>
    public async Task<Guest> GuestAsync()
    {
        var guest = await SignUpAsync("guest");
        await Server.BecomeAsync(guest, Role.Guest);
        return guest;
    }

    /// <summary>Administrative acts of one kind in one room, the last first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditAction action, long roomId) =>
        [.. (await Owner.GetAsync<AuditList>("/api/v1/admin/audit")).Entries.Where(it => it.Action == action && it.RoomId == roomId)];
}

/// <summary>What no door of this program does for a test.</summary>
internal static class Inside
{
    /// <summary>Gives somebody a role.</summary>
    public static async Task BecomeAsync(this ChatServer server, Guest who, Role role) => Assert.Equal(1, await server.Get<Database>().WriteAsync(
        tx => tx.ExecuteAsync("UPDATE users SET role = @role WHERE id = @user", ("@role", Roles.Word(role)), ("@user", who.Id)),
        TestContext.Current.CancellationToken));

    /// <summary>A figure of the database.</summary>
    public static async Task<long> CountAsync(this ChatServer server, string sql) => await server.Get<Database>().ReadAsync(
        session => session.ScalarAsync<long>(sql), TestContext.Current.CancellationToken);
}
