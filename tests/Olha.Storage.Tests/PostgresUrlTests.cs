using Npgsql;
using Olha.Storage.Postgres;

namespace Olha.Storage.Tests;

public sealed class PostgresUrlTests
{
    [Theory]
    [InlineData("postgres://olha:secret@db.example:5433/chat", "db.example", 5433, "olha", "secret", "chat")]
    [InlineData("postgresql://db.example/chat", "db.example", 5432, null, null, "chat")]
    [InlineData("postgres://ol%20ha:p%40ss%3Aw%2Frd@localhost/chat", "localhost", 5432, "ol ha", "p@ss:w/rd", "chat")]
    [InlineData("postgres://olha@%2Fvar%2Frun%2Fpostgresql/chat", "/var/run/postgresql", 5432, "olha", null, "chat")]
    [InlineData("postgres:///chat?host=/var/run/postgresql&user=olha", "/var/run/postgresql", 5432, "olha", null, "chat")]
    [InlineData("postgres://[::1]:5434/chat", "[::1]", 5434, null, null, "chat")]
    [InlineData("postgres://olha@one:1,two:2/chat", "one:1,two:2", 5432, "olha", null, "chat")]
    [InlineData("POSTGRES://olha@h", "h", 5432, "olha", null, null)]
    public void An_address_says_where_and_who(string url, string host, int port, string? user, string? password, string? database)
    {
        var read = PostgresUrl.Parse(url);

        Assert.Equal((host, port, user, password, database), (read.Host, read.Port, read.Username, read.Password, read.Database));
    }

    [Theory]
    [InlineData("sslmode=verify-full", SslMode.VerifyFull)]
    [InlineData("sslmode=require", SslMode.Require)]
    [InlineData("sslmode=disable", SslMode.Disable)]
    public void Transport_security_is_named_as_elsewhere(string query, SslMode expected) =>
        Assert.Equal(expected, PostgresUrl.Parse($"postgres://h/d?{query}").SslMode);

    [Fact]
    public void Parameters_of_libpq_and_of_Npgsql_are_taken()
    {
        var read = PostgresUrl.Parse(
            "postgres://h/d?application_name=chat&connect_timeout=7&Maximum%20Pool%20Size=9&options=-c%20work_mem%3D8MB&target_session_attrs=read-write");

        Assert.Equal(("chat", 7, 9, "-c work_mem=8MB", "read-write"),
            (read.ApplicationName, read.Timeout, read.MaxPoolSize, read.Options, read.TargetSessionAttributes));
    }

    [Theory]
    [InlineData("mysql://h/d")]
    [InlineData("h/d")]
    [InlineData("postgres://u:secret@h:port/d")]
    [InlineData("postgres://u:secret@h/d?sslmode=maybe")]
    [InlineData("postgres://u:secret@h/d?unknown=1")]
    public void What_is_unsound_is_refused_in_one_line_without_the_password(string url)
    {
        var message = Assert.Throws<DatabaseRefusedException>(() => PostgresUrl.Parse(url)).Message;

        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
