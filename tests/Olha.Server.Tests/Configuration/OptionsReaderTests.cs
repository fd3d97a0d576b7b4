using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Olha.Server.Configuration;

namespace Olha.Server.Tests.Configuration;

/// <summary>What variables become, and what is said when they are wrong.</summary>
public sealed class OptionsReaderTests
{
    static (ServerOptions Options, IReadOnlyList<string> Problems) Read(params (string Name, string Value)[] variables)
    {
        var reader = new OptionsReader(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
        return (reader.Read(), reader.Problems);
    }

    public static TheoryData<string, string> Documented =>
        [.. from property in typeof(ServerOptions).GetProperties()
            let variable = property.GetCustomAttribute<VariableAttribute>()
            where variable is not null
            select (variable.Name, variable.Accepts)];

    [Fact]
    public void Nothing_needs_to_be_set() => Assert.Equivalent((new ServerOptions(), Array.Empty<string>()), Read());

    [Theory, MemberData(nameof(Documented))]
    public void An_empty_variable_is_one_that_is_not_set(string name, string accepts)
    {
        Assert.NotEmpty(accepts);
        Assert.Equivalent((new ServerOptions(), Array.Empty<string>()), Read((name, "  ")));
    }

    [Theory, MemberData(nameof(Documented))]
    public void A_refusal_says_what_the_documentation_says(string name, string accepts)
    {
        // Any text is a file's name, or a folder's; only the one in the other's place is wrong.
        if (name == "DB_MIGRATIONS_PATH") return;
        var (_, problems) = Read((name, name switch { "DB_NAME" => AppContext.BaseDirectory, "BACKUP_DIR" => Environment.ProcessPath!, _ => "\u00b7" }));

        Assert.StartsWith($"{name} must be {accepts}", Assert.Single(problems));
    }

    [Fact]
    public void A_password_in_a_wrong_address_is_not_told()
    {
        var (_, problems) = Read(("DATABASE_URL", "postgres:/olha:hunter2@localhost/olha"), ("REDIS_URL", "redis:hunter2@"));

        Assert.Equal(2, problems.Count);
        Assert.DoesNotContain("hunter2", string.Concat(problems));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData(" 10.0.0.1 , ::1,localhost", "10.0.0.1 ::1 127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public void BIND_takes_addresses(string value, string addresses)
    {
        var (options, problems) = Read(("BIND", value));

        Assert.Empty(problems);
        Assert.Equal(addresses.Split(' ').Select(IPAddress.Parse), options.Bind);
    }

    [Theory]
    [InlineData("chat.example.org", "chat.example.org")]
    [InlineData(" Chat.Example.org., conversa.são.example ", "chat.example.org conversa.xn--so-sia.example")]
    [InlineData("https://chat.example.org", null)]
    [InlineData("chat.example.org:8080", null)]
    [InlineData("*.example.org", null)]
    [InlineData("a b", null)]
    public void ALLOWED_HOSTS_takes_names(string value, string? names)
    {
        var (options, problems) = Read(("ALLOWED_HOSTS", value));

        Assert.Equal(names?.Split(' ') ?? [], options.AllowedHosts);
        Assert.Equal(names is null ? 1 : 0, problems.Count);
    }

    [Fact]
    public void ALLOWED_HOSTS_beside_PUBLIC_URL_would_be_ignored_and_is_refused() =>
        Assert.StartsWith("ALLOWED_HOSTS", Assert.Single(Read(("ALLOWED_HOSTS", "a.example"), ("PUBLIC_URL", "https://b.example")).Problems));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1/32")]
    [InlineData("::1, 10.0.0.0/8,fd00::/8", "::1/128 10.0.0.0/8 fd00::/8")]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("proxy.example", null)]
    public void TRUSTED_PROXIES_takes_addresses_and_networks(string value, string? networks)
    {
        var (options, problems) = Read(("TRUSTED_PROXIES", value));

        Assert.Equal(networks?.Split(' ').Select(IPNetwork.Parse) ?? [], options.TrustedProxies);
        Assert.Equal(networks is null ? 1 : 0, problems.Count);
    }

    [Theory]
    [InlineData("INFO", LogLevel.Information)]
    [InlineData("Information", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("Fatal", LogLevel.Critical)]
    [InlineData("OFF", LogLevel.None)]
    internal void LOG_LEVEL_takes_the_usual_names(string value, LogLevel level) => Assert.Equal(level, Read(("LOG_LEVEL", value)).Options.LogLevel);

    [Theory]
    [InlineData("https://chat.example", true)]
    [InlineData("http://192.168.1.7:8080/", true)]
    [InlineData("https://chat.example/chat", false)]
    [InlineData("https://chat.example/?a=1", false)]
    [InlineData("https://ana@chat.example", false)]
    [InlineData("ftp://chat.example", false)]
    public void PUBLIC_URL_is_an_address_without_a_path(string value, bool sound) =>
        Assert.Equal(sound, Read(("PUBLIC_URL", value)) is { Problems.Count: 0, Options.PublicUrl: not null });

    [Fact]
    public void Limits_of_zero_are_sound()
    {
        var (options, problems) = Read(("LIMIT_MESSAGES_PER_SECOND", "0.5"), ("LIMIT_CONNECTIONS", "0"));

        Assert.Empty(problems);
        Assert.Equal((0.5, 0), (options.MessagesPerSecond, options.Connections));
    }

    [Fact]
    public void A_dotenv_file_has_comments_quotes_and_exports()
    {
        var variables = DotEnv.Parse(
        [
            "# a comment", "", "PORT=9000", "  export DB_NAME = \"my chat.db\" # where", "REGISTRATION='closed'", "LOG_LEVEL=debug # for now",
            "DATABASE_URL=postgres://a:b#c@d/e", "nonsense", "=nothing", "PORT=9001",
        ]);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["PORT"] = "9001", ["DB_NAME"] = "my chat.db", ["REGISTRATION"] = "closed", ["LOG_LEVEL"] = "debug",
                ["DATABASE_URL"] = "postgres://a:b#c@d/e",
            },
            variables);
    }

    [Theory]
    [InlineData("PORT=443 PUBLIC_URL=https://chat.example.org", true, true, 80)]
    [InlineData("PORT=443 PUBLIC_URL=https://chat.example.org REDIRECT_PORT=0", true, true, null)]
    [InlineData("PORT=8443 PUBLIC_URL=https://chat.example.org ACME_DIRECTORY=https://ca.example/dir REDIRECT_PORT=8080", true, true, 8080)]
    [InlineData("PORT=8080 PUBLIC_URL=https://chat.example.org", false, false, null)] // a proxy has the certificate
    [InlineData("PORT=443 PUBLIC_URL=http://chat.example.org", false, false, null)]
    [InlineData("PORT=443", false, false, null)]
    [InlineData("PORT=8443 TLS_CERTIFICATE={file} TLS_KEY={file}", true, false, null)]
    [InlineData("PORT=443 PUBLIC_URL=https://chat.example.org TLS_CERTIFICATE={file} TLS_KEY={file}", true, false, 80)]
    public void TLS_begins_where_it_is_asked_for(string variables, bool speaksTls, bool usesAcme, int? plainPort)
    {
        var (options, problems) = Read(Each(variables));

        Assert.Empty(problems);
        Assert.Equal((speaksTls, usesAcme, plainPort), (options.SpeaksTls, options.UsesAcme, options.PlainPort));
    }

    [Theory]
    [InlineData("TLS_CERTIFICATE={file}", "TLS_CERTIFICATE and TLS_KEY")]
    [InlineData("TLS_CERTIFICATE={file} TLS_KEY={file} PUBLIC_URL=http://a.example", "PUBLIC_URL must be https")]
    [InlineData("TLS_CERTIFICATE={file} TLS_KEY={file} PUBLIC_URL=https://a.example ACME_DIRECTORY=https://ca.example/dir", "ACME_DIRECTORY has no meaning")]
    [InlineData("ACME_DIRECTORY=https://ca.example/dir", "ACME_DIRECTORY needs PUBLIC_URL")]
    [InlineData("PORT=443 PUBLIC_URL=https://192.0.2.1", "PUBLIC_URL must have a host name")]
    [InlineData("ACME_EMAIL=ana@a.example PUBLIC_URL=https://a.example", "ACME_EMAIL needs")]
    [InlineData("REDIRECT_PORT=80", "REDIRECT_PORT needs TLS")]
    [InlineData("PORT=443 REDIRECT_PORT=443 PUBLIC_URL=https://a.example", "REDIRECT_PORT must be another one")]
    public void Settings_of_TLS_that_do_not_fit_together_are_refused(string variables, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Read(Each(variables)).Problems));

    static (string, string)[] Each(string variables) =>
        [.. variables.Split(' ').Select(static it => (it.Split('=')[0], it.Split('=', 2)[1].Replace("{file}", typeof(OptionsReaderTests).Assembly.Location)))];
}
