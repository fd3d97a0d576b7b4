using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Http;

namespace Olha.Server.Accounts;

/// <summary>Hands a session's secret to the one who opened it: in a cookie that no script can read, or as a bearer token.</summary>
internal sealed class SessionCookie(ServerOptions options)
{
    // Not Secure without an https address: a server on a home network is spoken to in the clear.
    readonly bool _secure = CookieName.IsSecure(options);

    public string Name { get; } = CookieName.Of(options);

    /// <summary>Who wants a session; a cookie that theirs will replace stands for the session that ends with it.</summary>
    public static Visitor VisitorOf(HttpContext context, bool bearer) =>
        Visitor.Of(context) with { Replaces = bearer ? null : SessionToken.InCookie(context.Request) };

    public SessionAnswer Answer(HttpContext context, SignedIn signedIn, bool bearer)
    {
        if (!bearer) Set(context, signedIn.Session);
        return new SessionAnswer(signedIn.Me, signedIn.Session.EndsAt, bearer ? signedIn.Session.Token : null);
    }

    public void Set(HttpContext context, OpenedSession session) =>
        context.Response.Cookies.Append(Name, session.Token, Options(Sessions.Absolute));

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(null));

    CookieOptions Options(TimeSpan? age) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = age, Secure = _secure,
    };
}
