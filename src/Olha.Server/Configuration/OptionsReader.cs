using System.Globalization;
using System.Net;
using System.Net.Mail;
using Olha.Protocol;

namespace Olha.Server.Configuration;

/// <summary>Reads <see cref="ServerOptions"/> from variables, and gathers every wrong value instead of stopping at the first.</summary>
internal sealed class OptionsReader(Func<string, string?> variable)
{
    readonly List<string> _problems = [];
    readonly HashSet<string> _refused = [];

    /// <summary>One line each, naming the variable and what is accepted; never a value that may hold a password.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The variables whose value is wrong by itself: their default holds.</summary>
    public IReadOnlySet<string> Refused => _refused;

    public ServerOptions Read()
    {
        var defaults = new ServerOptions();
        var options = new ServerOptions
        {
            Port = Whole("PORT", defaults.Port, 65535, "a whole number from 0 to 65535"),
            Bind = List<IPAddress>("BIND", "IP addresses, separated by commas", IsAddress),
            DbName = Text("DB_NAME") ?? defaults.DbName,
            DbMigrationsPath = Text("DB_MIGRATIONS_PATH"),
            DatabaseUrl = Url("DATABASE_URL", ["postgres", "postgresql"], "postgres://user:password@host:port/database",
                url => url.AbsolutePath.Length > 1)?.OriginalString,
            BackupDir = Text("BACKUP_DIR"),
            BackupEvery = Hours("BACKUP_EVERY", defaults.BackupEvery),
            BackupKeep = Whole("BACKUP_KEEP", defaults.BackupKeep, 1, int.MaxValue, "a whole number from 1"),
            RedisUrl = Url("REDIS_URL", ["redis", "rediss"], "redis://host:port", _ => true)?.OriginalString,
            PublicUrl = Url("PUBLIC_URL", ["http", "https"], "http://host or https://host, without a path",
                url => url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }),
            AllowedHosts = List<string>("ALLOWED_HOSTS", "host names without a port, separated by commas", IsHostName),
            TrustedProxies = List<IPNetwork>("TRUSTED_PROXIES", "IP addresses or networks (10.0.0.0/8), separated by commas", IsNetwork),
            TlsCertificate = PemFile("TLS_CERTIFICATE"),
            TlsKey = PemFile("TLS_KEY"),
            AcmeDirectory = Url("ACME_DIRECTORY", ["https"], "https://host/path of an ACME directory", _ => true),
            AcmeEmail = Text("ACME_EMAIL") is { } email && !MailAddress.TryCreate(email, out _) ? Refuse("ACME_EMAIL", "an e-mail address", email, "") : Text("ACME_EMAIL"),
            AcmeRoots = PemFile("ACME_ROOTS"),
            RedirectPort = Text("REDIRECT_PORT") is null ? null : Whole("REDIRECT_PORT", 0, 65535, "a whole number from 0 to 65535"),
            Registration = Word("REGISTRATION", defaults.Registration, "open, invite or closed",
                ("open", Registration.Open), ("invite", Registration.Invite), ("closed", Registration.Closed)),
            LogLevel = Word("LOG_LEVEL", defaults.LogLevel, "trace, debug, info, warning, error, critical or none", LogLevels),
            LogFormat = Word("LOG_FORMAT", defaults.LogFormat, "console or json", ("console", LogFormat.Console), ("json", LogFormat.Json)),
            MessagesPerSecond = Number("LIMIT_MESSAGES_PER_SECOND", defaults.MessagesPerSecond),
            MessageBurst = Limit("LIMIT_MESSAGE_BURST", defaults.MessageBurst),
            ConnectionsPerUser = Limit("LIMIT_CONNECTIONS_PER_USER", defaults.ConnectionsPerUser),
            Connections = Limit("LIMIT_CONNECTIONS", defaults.Connections),
            LoginsPerMinute = Limit("LIMIT_LOGINS_PER_MINUTE", defaults.LoginsPerMinute),
            RegistrationsPerHour = Limit("LIMIT_REGISTRATIONS_PER_HOUR", defaults.RegistrationsPerHour),
            MessageLength = Limit("LIMIT_MESSAGE_LENGTH", defaults.MessageLength),
            DrainSeconds = Whole("DRAIN_SECONDS", defaults.DrainSeconds, 3600, "a whole number from 0 to 3600"),
            MetricsToken = Secret("METRICS_TOKEN", "at least 16 characters that can be shown, without spaces",
                token => token.Length >= 16 && token.All(static it => it is > ' ' and <= '~')),
            MetricsBind = EndPoint("METRICS_BIND", "an IP address and a port (127.0.0.1:9464)"),
            OtlpEndpoint = Url("OTEL_EXPORTER_OTLP_ENDPOINT", ["http", "https"], "http://host:port or https://host:port, with or without a path",
                url => url is { Query: "", Fragment: "", UserInfo: "" }),
            OtlpProtocol = Word("OTEL_EXPORTER_OTLP_PROTOCOL", defaults.OtlpProtocol, "http/protobuf or grpc",
                ("http/protobuf", OtlpProtocol.Http), ("grpc", OtlpProtocol.Grpc)),
            OtlpHeaders = Secret("OTEL_EXPORTER_OTLP_HEADERS", "name=value, separated by commas",
                headers => headers.Split(',').All(static it => it.IndexOf('=') > 0)),
            ServiceName = Text("OTEL_SERVICE_NAME") is not { } service ? defaults.ServiceName
                : service.All(static it => it is >= ' ' and <= '~') ? service
                : Refuse("OTEL_SERVICE_NAME", "a name in ASCII", service, defaults.ServiceName),
            TracedPart = Part("OTEL_TRACES_SAMPLER_ARG", defaults.TracedPart),
            PasswordCost = Whole("PASSWORD_COST", defaults.PasswordCost, 4, 16, ServerOptions.PasswordCosts),
        };

        if (Directory.Exists(options.DbName)) Refuse("DB_NAME", "a file's path", options.DbName);
        if (File.Exists(options.BackupDir)) Refuse("BACKUP_DIR", "a folder's path", options.BackupDir);
        if (options.PasswordCost < 10 && !IsForThisMachine(options)) Refuse("PASSWORD_COST", ServerOptions.PasswordCosts, $"{options.PasswordCost}");
        if (options.PublicUrl is not null && options.AllowedHosts.Count > 0)
            _problems.Add("ALLOWED_HOSTS has no meaning with PUBLIC_URL, which fixes the one host: unset one of them.");
        if (options is { RedisUrl: not null, DatabaseUrl: null })
            _problems.Add("REDIS_URL needs DATABASE_URL: the nodes of a cluster share a PostgreSQL database.");
        if (_problems.Count == 0) _problems.AddRange(TlsProblems.Of(options));
        return options;
    }

    // Who tries something out, and every test, would wait for the hashing more than for anything else.
    static bool IsForThisMachine(ServerOptions options) => options is { PublicUrl: null, Bind.Count: > 0 } && options.Bind.All(IPAddress.IsLoopback);

    // .NET's names, the usual short ones, and those of other loggers.
    static readonly (string, LogLevel)[] LogLevels =
    [
        ("trace", LogLevel.Trace), ("verbose", LogLevel.Trace), ("debug", LogLevel.Debug),
        ("info", LogLevel.Information), ("information", LogLevel.Information),
        ("warn", LogLevel.Warning), ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("err", LogLevel.Error),
        ("critical", LogLevel.Critical), ("crit", LogLevel.Critical), ("fatal", LogLevel.Critical), ("panic", LogLevel.Critical),
        ("none", LogLevel.None), ("off", LogLevel.None),
    ];

    // An empty variable is one that is not set, as compose files leave it.
    string? Text(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;

    string? PemFile(string name) =>
        Text(name) is { } path && !File.Exists(path) ? Refuse(name, "a PEM file's path", path, path) : Text(name);

    int Limit(string name, int otherwise) => Whole(name, otherwise, int.MaxValue, "a whole number from 0; 0 is no limit");

    int Whole(string name, int otherwise, int most, string accepts) => Whole(name, otherwise, 0, most, accepts);

    int Whole(string name, int otherwise, int least, int most, string accepts) =>
        Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : Refuse(name, accepts, text, otherwise);

    double Number(string name, double otherwise) =>
        Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : Refuse(name, "a number from 0; 0 is no limit", text, otherwise);

    double Hours(string name, double otherwise) =>
        Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and < 1_000_000 ? hours
        : Refuse(name, "a number of hours above 0", text, otherwise);

    double Part(string name, double otherwise) =>
        Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
        : Refuse(name, "a number from 0 to 1", text, otherwise);

    // Never said again, not even when it is wrong.
    string? Secret(string name, string accepts, Func<string, bool> isSound)
    {
        if (Text(name) is not { } text || isSound(text)) return Text(name);
        RefuseUnsaid(name, accepts);
        return null;
    }

    IPEndPoint? EndPoint(string name, string accepts) =>
        Text(name) is not { } text ? null
        : text.Contains(':') && IPEndPoint.TryParse(text, out var place) && place.Port > 0 ? place
        : Refuse<IPEndPoint?>(name, accepts, text, null);

    T Word<T>(string name, T otherwise, string accepts, params ReadOnlySpan<(string Word, T Value)> known)
    {
        if (Text(name) is not { } text) return otherwise;
        foreach (var (word, value) in known)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return value;
        return Refuse(name, accepts, text, otherwise);
    }

    delegate bool Reading<T>(string text, out T value);

    IReadOnlyList<T> List<T>(string name, string accepts, Reading<T> read)
    {
        if (Text(name) is not { } text) return [];
        var things = new List<T>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (read(part, out var thing)) things.Add(thing);
            else return Refuse<IReadOnlyList<T>>(name, accepts, text, []);
        return things;
    }

    static bool IsAddress(string text, out IPAddress address)
    {
        address = IPAddress.Loopback;
        return text.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(text, out address!);
    }

    // In ASCII, as browsers send it.
    static bool IsHostName(string text, out string name)
    {
        name = text.TrimEnd('.');
        if (!name.All(static it => char.IsLetterOrDigit(it) || it is '.' or '-' or '_')) return false;
        if (Uri.CheckHostName(name) is not UriHostNameType.Dns || !Uri.TryCreate($"http://{name}", UriKind.Absolute, out var url)) return false;
        name = url.IdnHost;
        return true;
    }

    static bool IsNetwork(string text, out IPNetwork network)
    {
        network = default;
        if (text.Contains('/')) return IPNetwork.TryParse(text, out network);
        if (!IPAddress.TryParse(text, out var address)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    Uri? Url(string name, ReadOnlySpan<string> schemes, string accepts, Func<Uri, bool> isSound)
    {
        if (Text(name) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0 && isSound(url)) return url;
        RefuseUnsaid(name, accepts);
        return null;
    }

    T Refuse<T>(string name, string accepts, string text, T otherwise)
    {
        Refuse(name, accepts, text);
        return otherwise;
    }

    void Refuse(string name, string accepts, string text)
    {
        _refused.Add(name);
        _problems.Add($"{name} must be {accepts}, not \"{text}\".");
    }

    void RefuseUnsaid(string name, string accepts)
    {
        _refused.Add(name);
        _problems.Add($"{name} must be {accepts}.");
    }
}
