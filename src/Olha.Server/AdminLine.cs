using System.Text;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Admin;
using Olha.Server.Configuration;
using Olha.Server.Live;
using Olha.Server.Membership;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server;

/// <summary>The command line of administration, for the owner who is locked out. It works on the database that the server would open
/// with the same settings. Each returns the exit code: 0 done, 1 refused, 2 not understood.</summary>
internal static class AdminLine
{
    const string Usage = """
        olha admin, for who has this machine but no way into the app

          olha admin list [--json]           who has an account
          olha admin reset-password NAME     ask for a new password; where nobody can be asked,
                                             print a link that works once within 24 hours
              --password-stdin               read the new password from the standard input
          olha admin make-owner NAME         NAME may do everything
          olha admin enable NAME             NAME was disabled or banned and may come in again

        NAME is signed out everywhere when the password, the role or the state has changed. The
        settings are those of the server. With SQLite, stop the server first; with PostgreSQL it
        may go on, and notices within a minute.

        """;

    public static async Task<int> RunAsync(string[] args, ServerOptions options, IReadOnlyList<string> problems)
    {
        if (args is [] or ["--help" or "-h"])
        {
            Console.Write(Usage);
            return 0;
        }
        if (Parse(args) is not { } command) return CommandLine.Unknown(["admin", .. args]);
        if (problems.Count > 0) return CommandLine.Refuse(problems);
        if (options.DatabaseUrl is null && !File.Exists(options.DbName))
            return CommandLine.Refuse($"there is no database {options.DbName}: nobody has an account yet.");

        try
        {
            await using var database = await ChatHost.OpenDatabaseAsync(options, Logs.Open(options with { LogLevel = LogLevel.None }), default);
            await using var services = Services(options, database);
            var outcome = await command(services.GetRequiredService<AdminCommands>());
            if (!outcome.TryGet(out var text, out var refusal)) return CommandLine.Refuse(refusal.Detail);
            Console.WriteLine(text);
            return 0;
        }
        catch (DatabaseInUseException)
        {
            return CommandLine.Refuse(
                $"the server is running and has {options.DbName} to itself. Stop it, do this again, and start it; or ask another owner, who can do it in the app.");
        }
        catch (Exception e) when (e is DatabaseRefusedException or DatabaseUnavailableException)
        {
            return CommandLine.Refuse(e.Message);
        }
    }

    static Func<AdminCommands, Task<Outcome<string>>>? Parse(string[] args) => args switch
    {
        ["list"] => async it => await it.ListAsync(json: false),
        ["list", "--json"] => async it => await it.ListAsync(json: true),
        ["reset-password", var name, "--password-stdin"] when IsName(name) =>
            it => it.ResetPasswordAsync(name, static () => Console.In.ReadLine() ?? ""),
        ["reset-password", "--password-stdin", var name] => Parse(["reset-password", name, "--password-stdin"]),
        ["reset-password", var name] when IsName(name) =>
            it => it.ResetPasswordAsync(name, Console.IsInputRedirected ? static () => (string?)null : AskTwice),
        ["make-owner", var name] when IsName(name) => it => it.MakeOwnerAsync(name),
        ["enable", var name] when IsName(name) => it => it.EnableAsync(name),
        _ => null,
    };

    static bool IsName(string text) => text.Length > 0 && text[0] != '-';

    // The nouns without the doors: nothing here is started, so what is announced is heard by nobody.
    static ServiceProvider Services(ServerOptions options, Database database) => new ServiceCollection()
        .AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton(database)
        .AddLogging()
        .AddLive().AddAccounts().AddRooms().AddMessages().AddMembership().AddInvitations().AddAdmin()
        .BuildServiceProvider();

    static Outcome<string?> AskTwice()
    {
        var password = Ask("New password: ");
        return Ask("Once more: ") == password ? password : Refusal.InvalidPassword with { Detail = "these were two different passwords." };
    }

    // Nothing of it is shown.
    static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar);
            else if (typed.Length > 0) typed.Length--;
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
