using System.Net;
using Olha.Protocol;

namespace Olha.Server.Configuration;

/// <summary>How log events are written.</summary>
internal enum LogFormat { Console, Json }

/// <summary>How an OpenTelemetry collector is spoken to.</summary>
internal enum OtlpProtocol { Http, Grpc }

/// <summary>Everything that can be set from outside, with defaults that suit one person on one machine.</summary>
internal sealed record ServerOptions
{
    /// <summary>The port to listen on; 0 picks a free one.</summary>
    [Variable("PORT", "a whole number from 0 to 65535")]
    public int Port { get; init; } = 8080;

    /// <summary>The addresses to listen on.</summary>
    [Variable("BIND", "IP addresses, separated by commas", Default = "all")]
    public IReadOnlyList<IPAddress> Bind { get; init; } = [];

    /// <summary>The SQLite file. It is made when it is missing, its folder too.</summary>
    [Variable("DB_NAME", "a file's path")]
    public string DbName { get; init; } = "data/olha_mensagem.db";

    /// <summary>A folder with <c>sqlite/</c> and <c>postgres/</c> scripts that replaces the schema scripts inside the program.</summary>
    [Variable("DB_MIGRATIONS_PATH", "a folder's path", Default = "embedded")]
    public string? DbMigrationsPath { get; init; }

    /// <summary>Use this PostgreSQL database instead of SQLite; processes that name the same one are one server.</summary>
    [Variable("DATABASE_URL", "postgres://user:password@host:port/database")]
    public string? DatabaseUrl { get; init; }

    /// <summary>Make backups by itself, in this folder; <c>olha backup</c> makes its own there too.</summary>
    [Variable("BACKUP_DIR", "a folder's path")]
    public string? BackupDir { get; init; }

    /// <summary>Hours from one of them to the next.</summary>
    [Variable("BACKUP_EVERY", "a number of hours above 0")]
    public double BackupEvery { get; init; } = 24;

    /// <summary>The newest so many of them stay, older ones are removed.</summary>
    [Variable("BACKUP_KEEP", "a whole number from 1")]
    public int BackupKeep { get; init; } = 7;

    /// <summary>Join the cluster of nodes that share this Redis; needs <c>DATABASE_URL</c>.</summary>
    [Variable("REDIS_URL", "redis://host:port")]
    public string? RedisUrl { get; init; }

    /// <summary>The address under which people reach this server. It fixes the scheme, the host and the origin that are accepted,
    /// and makes cookies secure when it is https. Without it an <c>Origin</c> must equal the <c>Host</c>.</summary>
    [Variable("PUBLIC_URL", "http://host or https://host, without a path")]
    public Uri? PublicUrl { get; init; }

    /// <summary>Names that this server answers to without a <c>PUBLIC_URL</c>, besides IP addresses, <c>localhost</c>, names without a dot
    /// and those under <c>.local</c>, <c>.lan</c>, <c>.home.arpa</c> and <c>.localhost</c>.</summary>
    [Variable("ALLOWED_HOSTS", "host names without a port, separated by commas", Default = "none")]
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The proxies whose <c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c> are believed, so that limits
    /// count the client's address instead of theirs.</summary>
    [Variable("TRUSTED_PROXIES", "IP addresses or networks (10.0.0.0/8), separated by commas", Default = "none")]
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Speak TLS at <c>PORT</c> with the certificate in this file, its chain behind it; needs <c>TLS_KEY</c>. Both are
    /// read again when they change.</summary>
    [Variable("TLS_CERTIFICATE", "a PEM file's path")]
    public string? TlsCertificate { get; init; }

    /// <summary>The certificate's private key, not encrypted.</summary>
    [Variable("TLS_KEY", "a PEM file's path")]
    public string? TlsKey { get; init; }

    /// <summary>Where certificates are asked for (ACME) when <c>PUBLIC_URL</c> is https and <c>TLS_CERTIFICATE</c> is not set: by itself with
    /// <c>PORT=443</c>, at another port when this is set. Whoever asks agrees to that authority's terms.</summary>
    [Variable("ACME_DIRECTORY", "https://host/path of an ACME directory", Default = "Let's Encrypt's, with `PORT=443`")]
    public Uri? AcmeDirectory { get; init; }

    /// <summary>Told to the authority, which may write there when something is wrong; without it its account is nobody's.</summary>
    [Variable("ACME_EMAIL", "an e-mail address")]
    public string? AcmeEmail { get; init; }

    /// <summary>The roots by which the authority's own address is believed, for one inside a company.</summary>
    [Variable("ACME_ROOTS", "a PEM file's path", Default = "the system's")]
    public string? AcmeRoots { get; init; }

    /// <summary>With TLS: a second port, where <c>http://</c> is sent on to https. 0 is none.</summary>
    [Variable("REDIRECT_PORT", "a whole number from 0 to 65535", Default = "80 with `PORT=443`, otherwise none")]
    public int? RedirectPort { get; init; }

    /// <summary>Who may make an account. The first account becomes the owner, who can change this in the app.</summary>
    [Variable("REGISTRATION", "open, invite or closed")]
    public Registration Registration { get; init; } = Registration.Open;

    /// <summary>Log events below this level are not written.</summary>
    [Variable("LOG_LEVEL", "trace, debug, info, warning, error, critical or none")]
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How log events are written: lines for people, or one JSON object a line for machines.</summary>
    [Variable("LOG_FORMAT", "console or json")]
    public LogFormat LogFormat { get; init; } = LogFormat.Console;

    /// <summary>Messages a second that a user may post over time.</summary>
    [Variable("LIMIT_MESSAGES_PER_SECOND", "a number from 0; 0 is no limit")]
    public double MessagesPerSecond { get; init; } = 5;

    /// <summary>Messages that a user may post at once.</summary>
    [Variable("LIMIT_MESSAGE_BURST", "a whole number from 0; 0 is no limit")]
    public int MessageBurst { get; init; } = 20;

    /// <summary>Sockets that a user may hold open, on all nodes together.</summary>
    [Variable("LIMIT_CONNECTIONS_PER_USER", "a whole number from 0; 0 is no limit")]
    public int ConnectionsPerUser { get; init; } = 20;

    /// <summary>Sockets that all users together may hold open on one node.</summary>
    [Variable("LIMIT_CONNECTIONS", "a whole number from 0; 0 is no limit")]
    public int Connections { get; init; } = 50_000;

    /// <summary>Logins a minute that are tried for one address.</summary>
    [Variable("LIMIT_LOGINS_PER_MINUTE", "a whole number from 0; 0 is no limit")]
    public int LoginsPerMinute { get; init; } = 10;

    /// <summary>Accounts an hour that may be made from one address.</summary>
    [Variable("LIMIT_REGISTRATIONS_PER_HOUR", "a whole number from 0; 0 is no limit")]
    public int RegistrationsPerHour { get; init; } = 20;

    /// <summary>Characters (Unicode scalar values) of one message.</summary>
    [Variable("LIMIT_MESSAGE_LENGTH", "a whole number from 0; 0 is no limit")]
    public int MessageLength { get; init; } = 4000;

    /// <summary>Seconds that a graceful shutdown may take.</summary>
    [Variable("DRAIN_SECONDS", "a whole number from 0 to 3600")]
    public int DrainSeconds { get; init; } = 10;

    /// <summary>Who reads <c>/metrics</c> must show this (<c>Authorization: Bearer ...</c>). Without it they are for this machine and private
    /// networks.</summary>
    [Variable("METRICS_TOKEN", "at least 16 characters that can be shown, without spaces", IsSecret = true)]
    public string? MetricsToken { get; init; }

    /// <summary>An address of their own for <c>/metrics</c>, <c>/health</c> and <c>/ready</c>: the first is then found there only, by whoever
    /// reaches it.</summary>
    [Variable("METRICS_BIND", "an IP address and a port (127.0.0.1:9464)")]
    public IPEndPoint? MetricsBind { get; init; }

    /// <summary>Send metrics and traces to this OpenTelemetry collector. Nothing is sent anywhere unless this is set.</summary>
    [Variable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://host:port or https://host:port, with or without a path")]
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>How the collector is spoken to.</summary>
    [Variable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf or grpc", Default = "http/protobuf")]
    public OtlpProtocol OtlpProtocol { get; init; } = OtlpProtocol.Http;

    /// <summary>Headers that the collector asks for.</summary>
    [Variable("OTEL_EXPORTER_OTLP_HEADERS", "name=value, separated by commas", IsSecret = true)]
    public string? OtlpHeaders { get; init; }

    /// <summary>What this server is called there.</summary>
    [Variable("OTEL_SERVICE_NAME", "a name in ASCII")]
    public string ServiceName { get; init; } = "olha";

    /// <summary>The part of requests and posts that is traced.</summary>
    [Variable("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1")]
    public double TracedPart { get; init; } = 1;

    public const string PasswordCosts =
        "a whole number from 10 to 16; from 4 on where only this machine is served (BIND names its loopback, and there is no PUBLIC_URL)";

    /// <summary>bcrypt's cost: one more takes twice as long, for whoever guesses too. Below 10 is not safe (OWASP, Password Storage).</summary>
    [Variable("PASSWORD_COST", PasswordCosts)]
    public int PasswordCost { get; init; } = 12;

    /// <summary>Whether certificates are asked for at <see cref="Authority"/>.</summary>
    public bool UsesAcme => HasSecureUrl && TlsCertificate is null && (AcmeDirectory is not null || Port == 443);

    /// <summary>Whether TLS is spoken here, and not by a proxy in front.</summary>
    public bool SpeaksTls => TlsCertificate is not null || UsesAcme;

    /// <summary>Whether the address under which people reach this server is known to be https.</summary>
    public bool HasSecureUrl => PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>The directory of the authority that signs our certificates.</summary>
    public Uri Authority => AcmeDirectory ?? s_letsEncrypt;

    /// <summary>Where plain requests are sent on to https; null: nowhere but at <see cref="Port"/> itself.</summary>
    public int? PlainPort => !SpeaksTls ? null : (RedirectPort ?? (Port == 443 ? 80 : 0)) is > 0 and var port ? port : null;

    static readonly Uri s_letsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");
}
