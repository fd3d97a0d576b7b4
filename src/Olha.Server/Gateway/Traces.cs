using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Server.Gateway;

/// <summary>Traces of what happens on sockets; requests are traced by the framework. Never a body or a token.</summary>
/// <remarks>Hot path: once a frame. As long as nobody traces it is one look at an empty list.</remarks>
internal static class Traces
{
    public const string Name = "Olha";

    static readonly ActivitySource s_source = new(Name);

    /// <summary>Something a client said on a socket. A trace of its own: a socket lives for days.</summary>
    public static Activity? Begin(string frame)
    {
        if (!s_source.HasListeners()) return null;
        Activity.Current = null;
        return s_source.StartActivity(frame, ActivityKind.Server);
    }

    public static void Refused(this Activity? activity, Refusal refusal) => activity?
        .SetStatus(refusal.Status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset)
        .SetTag("olha.refusal", refusal.Code);
}
