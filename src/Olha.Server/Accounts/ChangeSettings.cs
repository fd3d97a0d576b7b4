using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>An administrator changes what holds for everybody.</summary>
internal sealed class ChangeSettings(Database db, PeopleDirectory people, ServerStore server, AuditStore audit, Announcer live)
{
    const int LongestName = 64;
    const int LongestMessage = 100_000;
    const int MostPerMinute = 60_000;
    public const int LongestRetention = 36_500;

    public async ValueTask<Outcome<ServerSettings>> RunAsync(Caller caller, SettingsBody body, CancellationToken ct)
    {
        string? name = null;
        if (body.Name is not null && !PlainLine.TryRead(body.Name, LongestName, out name)) return Refusal.InvalidName;
        if (body.MessageLength is < 0 or > LongestMessage || body.MessagesPerMinute is < 0 or > MostPerMinute
            || body.RetentionDays is < 0 or > LongestRetention) return Refusal.InvalidField;

        return await db.WriteAsync<Outcome<ServerSettings>>(async tx =>
        {
            var rev = await server.AdvanceAsync(tx, 1);
            if (Authority.WhyNotAdminister(await people.FindAsync(tx, caller.UserId)) is { } refusal) return Nothing(tx, refusal);

            var before = await server.FindAsync(tx);
            var after = before with
            {
                Name = name ?? before.Name,
                Receipts = body.Receipts ?? before.Receipts,
                Registration = body.Registration is { } registration ? ServerStore.Word(registration) : before.Registration,
                MessageLength = body.MessageLength ?? before.MessageLength,
                MessagesPerMinute = body.MessagesPerMinute ?? before.MessagesPerMinute,
                RetentionDays = body.RetentionDays is { } days ? (days == 0 ? null : days) : before.RetentionDays,
            };
            if (after == before) return Nothing(tx, server.SettingsOf(before));

            after = after with { Rev = rev };
            await server.SetAsync(tx, after);
            await audit.AddAsync(tx, caller.UserId, AuditAction.SettingsChanged, details: Changes(server.SettingsOf(before), server.SettingsOf(after)));
            var settings = server.SettingsOf(after);
            tx.AfterCommit(() => live.Announce(Topics.Server, new SettingsChange(rev, settings)));
            return settings;
        }, ct);
    }

    static Outcome<ServerSettings> Nothing(Transaction tx, Outcome<ServerSettings> answer)
    {
        tx.Rollback();
        return answer;
    }

    static Dictionary<string, string> Changes(ServerSettings before, ServerSettings after)
    {
        var changes = new Dictionary<string, string>();
        Add("name", before.Name, after.Name);
        Add("receipts", before.Receipts ? "on" : "off", after.Receipts ? "on" : "off");
        Add("registration", ServerStore.Word(before.Registration), ServerStore.Word(after.Registration));
        Add("messageLength", Figure(before.MessageLength), Figure(after.MessageLength));
        Add("messagesPerMinute", Figure(before.MessagesPerMinute), Figure(after.MessagesPerMinute));
        Add("retentionDays", Figure(before.RetentionDays ?? 0), Figure(after.RetentionDays ?? 0));
        return changes;

        void Add(string what, string was, string @is)
        {
            if (was != @is) changes[what] = @is;
        }
    }

    static string Figure(long figure) => figure.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
