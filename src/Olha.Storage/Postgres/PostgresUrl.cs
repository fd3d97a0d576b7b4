using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>Reads <c>postgres://user:password@host:port/database?name=value</c> as libpq does
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS). Several hosts are parted by commas; a
/// socket's folder is a percent-encoded host or the parameter <c>host</c>. Npgsql's own settings are parameters too, such as
/// <c>Maximum Pool Size</c>.</summary>
internal static class PostgresUrl
{
    /// <exception cref="DatabaseRefusedException">It is no such URL. The message names the part, never the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var rest = Rest(url);

        var (place, query) = Split(rest, '?');
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            Set(builder, Decode(name), Decode(value));
        }

        var (authority, database) = Split(place, '/');
        if (database.Length > 0) builder.Database = Decode(database);

        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Split(authority[..at], ':');
            builder.Username = Decode(user);
            if (password.Length > 0) builder.Password = Decode(password);
        }

        SetHosts(builder, authority[(at + 1)..]);
        return builder;
    }

    static string Rest(string url)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["postgres://", "postgresql://"])
            if (url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return url[scheme.Length..];
        throw new DatabaseRefusedException("A PostgreSQL address starts with postgres:// or postgresql://.");
    }

    static void SetHosts(NpgsqlConnectionStringBuilder builder, string authority)
    {
        if (authority.Length == 0)
        {
            builder.Host ??= "localhost";
            return;
        }

        var hosts = authority.Split(',').Select(host => (Host: Decode(PortOf(host) is { } port ? host[..^(port.Length + 1)] : host), Port: PortOf(host))).ToList();
        if (hosts is [var (host, port)])
        {
            builder.Host = host;
            if (port is not null) Set(builder, "port", port);
            return;
        }

        builder.Host = string.Join(',', hosts.Select(each => each.Port is null ? each.Host : $"{each.Host}:{each.Port}"));
    }

    // After the last colon, but not inside an IPv6 address's brackets.
    static string? PortOf(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') && colon >= 0 ? host[(colon + 1)..] : null;
    }

    static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            switch (name)
            {
                case "sslmode":
                    builder.SslMode = Word<SslMode>(value);
                    break;
                case "channel_binding":
                    builder.ChannelBinding = Word<ChannelBinding>(value);
                    break;
                case "gssencmode":
                    builder.GssEncryptionMode = Word<GssEncryptionMode>(value);
                    break;
                case "target_session_attrs":
                    builder.TargetSessionAttributes = value;
                    break;
                default:
                    builder[Keyword(name)] = value;
                    break;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new DatabaseRefusedException($"The PostgreSQL address has an unknown or unsound parameter: {name}.");
        }
    }

    static string Keyword(string name) => name switch
    {
        "dbname" => "Database",
        "user" => "Username",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "sslpassword" => "SSL Password",
        "sslnegotiation" => "SSL Negotiation",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "search_path" => "Search Path",
        "krbsrvname" => "Kerberos Service Name",
        "passfile" => "Passfile",
        "client_encoding" => "Client Encoding",
        _ => name,
    };

    // libpq writes verify-full, .NET VerifyFull.
    static T Word<T>(string value) where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var word) && Enum.IsDefined(word)
            ? word
            : throw new FormatException();

    static (string Before, string After) Split(string text, char at)
    {
        var index = text.IndexOf(at);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }

    static string Decode(string text) => Uri.UnescapeDataString(text);
}
