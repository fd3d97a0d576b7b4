using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Olha.Protocol;
using Olha.Server.Tests.Cluster;

namespace Olha.Server.Tests.Watch;

/// <summary>The dashboard and the alerts in <c>deploy/</c> ask for nothing that the program does not export, as a node of a cluster.</summary>
public sealed partial class DeployTests(DeployTests.OneNode node) : IClassFixture<DeployTests.OneNode>
{
    /// <summary>A node as it is shipped, on PostgreSQL.</summary>
    public sealed class OneNode : IAsyncLifetime
    {
        NodePrograms _programs = null!;

        public Uri Address { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _programs = await NodePrograms.OnNewDatabaseAsync();
            Address = await _programs.Start().Address;
        }

        public ValueTask DisposeAsync() => _programs.DisposeAsync();
    }

    // What Prometheus adds of its own.
    static readonly string[] s_metrics = ["up"], s_labels = ["job", "instance"];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dashboard_shows_what_is_exported()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("grafana-dashboard.json"), Ct));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        var asked = panels.Where(static it => it.TryGetProperty("targets", out _))
            .SelectMany(static it => it.GetProperty("targets").EnumerateArray()).Select(static it => it.GetProperty("expr").GetString()!).ToList();

        Assert.True(asked.Count > 15);
        Assert.Equal(panels.Count, panels.Select(static it => it.GetProperty("id").GetInt32()).Distinct().Count());
        var scrape = await BusyAsync();
        Assert.Empty(asked.SelectMany(it => NotExported(it, scrape)));
    }

    [Fact]
    public async Task The_alerts_watch_what_is_exported()
    {
        var rules = await File.ReadAllTextAsync(PathOf("prometheus-rules.yml"), Ct);
        var asked = Expression().Matches(rules).Select(static it => it.Groups[1].Value).ToList();

        Assert.Equal(Alert().Count(rules), asked.Count);
        Assert.True(asked.Count > 5);
        var scrape = await BusyAsync();
        Assert.Empty(asked.SelectMany(it => NotExported(it, scrape)));
        Assert.All(asked.SelectMany(static it => Matcher().Matches(it)).Where(static it => it.Groups[1].Value != "job"),
            it => Assert.Contains(it.Groups[2].Value, scrape.ValuesOf(it.Groups[1].Value)));
    }

    [Fact]
    public async Task Prometheus_takes_the_alerts()
    {
        var (code, said) = await RunAsync("promtool", "check", "rules", PathOf("prometheus-rules.yml"));

        Assert.True(code == 0, said);
    }

    [Theory]
    [InlineData("rate(olha_sighs_total[5m])", "olha_sighs_total")]
    [InlineData("""sum by (mood) (olha_connections{door="socket"})""", "olha_connections by mood")]
    [InlineData("""olha_connections{colour="blue"}""", "olha_connections by colour")]
    public async Task What_is_not_exported_is_found(string expression, string missing) =>
        Assert.Equal([missing], NotExported(expression, await BusyAsync()));

    // Everything that can be counted has been.
    async Task<Scrape> BusyAsync()
    {
        await Scrape.OfAsync(node.Address);
        using var stranger = new Client(node.Address);
        var session = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true));
        using var ana = new Guest(node.Address, session.Me, session.Token!);
        await using var ear = await ana.ListenAsync();
        await ear.SendAsync(new Post(1, "c1", "hello"));
        await ear.NextAsync<Ack>();
        while (true)
        {
            var scrape = await Scrape.OfAsync(node.Address);
            if (scrape.Has("olha_backplane_lag_seconds_count") && scrape.Has("olha_delivery_lag_seconds_count") && scrape.Has("http_server_request_duration_seconds_count")) return scrape;
            await Task.Delay(20, Ct);
        }
    }

    static IEnumerable<string> NotExported(string expression, Scrape scrape)
    {
        var bare = Text().Replace(expression, "\"\"");
        var grouped = Grouping().Matches(bare).SelectMany(static it => it.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        var metrics = Name().Matches(Grouping().Replace(Selector().Replace(bare, ""), "")).Select(static it => it.Value).Except(s_metrics).ToList();
        Assert.True(metrics.Count > 0 || bare.StartsWith("up", StringComparison.Ordinal), expression);
        foreach (var metric in metrics.Distinct())
        {
            if (!scrape.Has(metric))
            {
                yield return metric;
                continue;
            }
            var selected = Regex.Matches(bare, $@"{metric}\{{([^}}]*)\}}").SelectMany(static it => it.Groups[1].Value.Split(','))
                .Select(static it => it.Split('=', '!')[0].Trim());
            foreach (var label in selected.Concat(grouped).Distinct().Except(s_labels).Except(scrape.LabelsOf(metric)))
                yield return $"{metric} by {label}";
        }
    }

    static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed: script/setup test");
            throw;
        }
        using (process)
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
            await process.WaitForExitAsync(Ct);
            return (process.ExitCode, string.Concat(said));
        }
    }

    static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "deploy", file);

    [GeneratedRegex(@"^ +expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^ +- alert: ", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex("""(\w+)="([^"]*)"(?=[,}])""")]
    private static partial Regex Matcher();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\bby \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Selector();

    // A name that is no function: nothing is opened behind it.
    [GeneratedRegex(@"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b(?!\s*\()|\bup\b")]
    private static partial Regex Name();
}
