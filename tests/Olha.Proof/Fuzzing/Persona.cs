using Olha.Protocol;

namespace Olha.Proof;

/// <summary>As whom requests come. The noise ends sessions and accounts too, so each is made anew when it is gone.</summary>
internal sealed class Persona
{
    readonly Func<CancellationToken, Task<(Person Me, string Token)>> _come;
    readonly bool _cookie;
    string _token = "";

    Persona(string name, Func<CancellationToken, Task<(Person, string)>> come, bool cookie = false) => (Name, _come, _cookie) = (name, come, cookie);

    public string Name { get; }

    public long Id { get; private set; }

    /// <summary>The password in their bodies: their own only of who may be lost.</summary>
    public string Password { get; private init; } = "not my password";

    /// <summary>The header that says who it is; null: nobody.</summary>
    public (string, string)? Header => _token.Length == 0 ? null : _cookie ? ("Cookie", $"olha_session={_token}") : ("Authorization", $"Bearer {_token}");

    /// <summary>Everybody there is: a stranger, members, the owner, programs of each scope, and somebody whose account may go.</summary>
    public static IReadOnlyList<Persona> All(FuzzedNode node, string ownersToken)
    {
        var names = 0;
        Task<(Person, string)> SomebodyNew(CancellationToken ct) => node.SignUpAsync($"somebody{++names}", ct);
        return
        [
            new Persona("stranger", static _ => Task.FromResult<(Person, string)>((null!, ""))),
            new Persona("nonsense", static _ => Task.FromResult<(Person, string)>((null!, "olha_no-such-token"))),
            new Persona("member", SomebodyNew),
            new Persona("browser", SomebodyNew, cookie: true),
            new Persona("throwaway", SomebodyNew) { Password = FuzzedNode.Password },
            new Persona("owner", async ct =>
            {
                var answer = await node.SendAsync<SessionAnswer>(HttpMethod.Post, "/api/v1/sessions", null, new SignInBody("owner", FuzzedNode.Password, Bearer: true), ct);
                return (answer.Me, answer.Token!);
            }) { _token = ownersToken, Id = 1 },
            .. Enum.GetValues<Scope>().Select(scope => new Persona($"{scope}", async ct =>
            {
                var me = await node.SignUpAsync($"program{++names}", ct);
                var made = await node.SendAsync<NewToken>(HttpMethod.Post, "/api/v1/me/tokens", me.Token, new NewTokenBody("noise", [scope]), ct);
                return (me.Me, made.Token);
            })),
        ];
    }

    /// <summary>Comes again if they are signed in no more.</summary>
    public async Task StayAsync(FuzzedNode node, CancellationToken ct)
    {
        if (Name is "stranger" || (Name is "nonsense" && _token.Length > 0)) return;
        try
        {
            if (_token.Length > 0) await node.SendAsync<Person>(HttpMethod.Get, "/api/v1/me", _token, null, ct);
            if (_token.Length > 0) return;
        }
        catch (ProofException)
        {
            // Gone.
        }
        var (me, token) = await _come(ct);
        (Id, _token) = (me?.Id ?? 0, token);
    }
}
