using System.Text;
using System.Text.Json;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Admin;
using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Server.Live;
using Olha.Server.Membership;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server;

/// <summary>The command line of administration, for the owner who is locked out. It works on the database that the server would open
/// with the same settings.</summary>
internal static class AdminLine
{
    const string Reset = "reset-password";
    const string Own = "make-owner";
    const string Enable = "enable";
    const string FromInput = "--password-stdin";

    const string Usage = """
        olha admin, for who has this machine but no way into the app

          olha admin list                    who has an account
          olha admin reset-password NAME     ask for a new password; where nobody can be asked,
                                             print a link that works once within 24 hours
              --password-stdin               read the new password from the standard input
          olha admin make-owner NAME         NAME may do everything
          olha admin enable NAME             NAME was disabled or banned and may come in again
              --json                         the result as a JSON object; that of list has accounts

        NAME is signed out everywhere when the password, the role or the state has changed. The
        settings are those of the server. With SQLite, stop the server first; with PostgreSQL it
        may go on, and notices within seconds.

        Exit code: 0 done, 1 not done (the reason is told), 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "admin",
        Summary = "help an owner who is locked out",
        Usage = Usage,
        Takes = [FromInput],
        Operands = [new("ACT", ["list", Reset, Own, Enable]), new("NAME")],
        Work = static (arguments, options, _, _) => RunAsync(arguments, options),
        GoOn = static _ => "What was not said to be done is not done.",
    };

    static async Task<Ending> RunAsync(Arguments arguments, ServerOptions options)
    {
        if (arguments[0] is not { } act) return Ending.Done(Usage.TrimEnd('\n'));
        if (Misused(arguments, act) is { } why) return Ending.Misused($"admin {act} {why}. See olha admin --help.");
        if (options.DatabaseUrl is null && !File.Exists(options.DbName))
            return Ending.Failed("no_database", $"there is no database {options.DbName}: nobody has an account yet.");

        try
        {
            await using var database = await ChatHost.OpenDatabaseAsync(options, Logs.Open(options with { LogLevel = LogLevel.None }), default);
            await using var services = Services(options, database);
            var commands = services.GetRequiredService<AdminCommands>();
            if (act == "list") return Listed(await commands.ListAsync());
            return (await ActAsync(commands, act, arguments)).TryGet(out var text, out var refusal)
                ? Ending.Done(text)
                : Ending.Failed(refusal.Code, refusal.Detail);
        }
        catch (DatabaseInUseException)
        {
            return Ending.Failed("in_use",
                $"the server is running and has {options.DbName} to itself. Stop it, do this again, and start it; or ask another owner, who can do it in the app.");
        }
        catch (DatabaseRefusedException e)
        {
            return Ending.Failed("refused", e.Message);
        }
        catch (DatabaseUnavailableException e)
        {
            return Ending.Failed("unavailable", e.Message);
        }
    }

    static string? Misused(Arguments arguments, string act) =>
        act == "list" && arguments[1] is { } word ? $"{word} is nothing it knows"
        : act != "list" && string.IsNullOrEmpty(arguments[1]) ? "needs the NAME of somebody"
        : act != Reset && arguments.Has(FromInput) ? $"{FromInput} is nothing it knows"
        : null;

    static Ending Listed(IReadOnlyList<Account> all) => Ending.Done(
        AdminCommands.Table(all), JsonSerializer.SerializeToNode(new AccountList(all, null), ProtocolJson.Wire.AccountList)!.AsObject());

    static Task<Outcome<string>> ActAsync(AdminCommands commands, string act, Arguments arguments) => act switch
    {
        Own => commands.MakeOwnerAsync(arguments[1]!),
        Enable => commands.EnableAsync(arguments[1]!),
        _ when arguments.Has(FromInput) => commands.ResetPasswordAsync(arguments[1]!, static () => Console.In.ReadLine() ?? ""),
        _ => commands.ResetPasswordAsync(arguments[1]!, Console.IsInputRedirected ? static () => (string?)null : AskTwice),
    };

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
