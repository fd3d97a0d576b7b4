using Olha.Testing;

namespace Olha.Package.Tests;

/// <summary>What a person who runs the server does with the package, on a machine where systemd runs.</summary>
public sealed class PackageTests(Machine machine) : IClassFixture<Machine>, IAsyncLifetime
{
    const string Ready = "curl --silent --fail --retry 60 --retry-delay 1 --retry-all-errors http://localhost:8080/ready";
    const string Data = "/var/lib/olha/data/olha_mensagem.db";

    readonly TempFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(machine.WhyNot is null, machine.WhyNot ?? "");
        await machine.TryAsync("dpkg --purge olha-mensagem; rm -rf /var/lib/olha /etc/systemd/system/olha.service.d");
        await machine.PutAsync(Shipped.Deb, "/root/new.deb");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Installed_it_serves_and_will_after_a_restart_of_the_machine()
    {
        await InstallAsync();

        Assert.Contains("/_app/immutable/", await machine.RunAsync("curl --silent --fail http://localhost:8080/"));
        Assert.Equal("enabled", await machine.RunAsync("systemctl is-enabled olha"));
        Assert.Equal(Shipped.Version, await machine.RunAsync("olha --version"));
        Assert.Equal("", await machine.RunAsync("dpkg --verify olha-mensagem"));
        Assert.Equal("olha olha 700", await machine.RunAsync("stat --format='%U %G %a' $(dirname " + Data + ")"));
    }

    [Fact]
    public async Task The_service_is_sound_and_confined()
    {
        await InstallAsync();

        Assert.Equal((0, "", ""), await machine.TryAsync("systemd-analyze verify --man=no olha.service"));
        // Tenths: 10.0 is a process that may do anything, 2.0 and below is "OK" at its best.
        var (code, said, _) = await machine.TryAsync("systemd-analyze security --threshold=20 --no-pager olha.service");
        Assert.True(code == 0, said);
        Assert.Equal("olha", await machine.RunAsync("ps -o user= -p " + await MainProcessAsync()));
        var confined = await machine.RunAsync("grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/" + await MainProcessAsync() + "/status | tr -s '\\t\\n' '  '");
        Assert.Equal("CapBnd: 0000000000000400 NoNewPrivs: 1 Seccomp: 2", confined.Trim());
    }

    [Fact]
    public async Task A_program_that_was_killed_comes_back_with_what_was_said()
    {
        await InstallAsync();
        await SignUpAsync("ana");
        var before = await MainProcessAsync();

        await machine.RunAsync($"kill -KILL {before}; while [ \"$(systemctl show --value --property MainPID olha)\" = {before} ]; do sleep 0.1; done; {Ready}");

        Assert.Equal(409, await SignUpAsync("ana"));
    }

    [Fact]
    public async Task Settings_are_lines_of_a_file_that_only_root_and_the_program_read()
    {
        await InstallAsync();

        await machine.RunAsync("echo PORT=443 >> /etc/olha/olha.env; systemctl restart olha; " + Ready.Replace(":8080", ":443", StringComparison.Ordinal));

        Assert.Equal("root olha 640", await machine.RunAsync("stat --format='%U %G %a' /etc/olha/olha.env"));
    }

    [Fact]
    public async Task An_owner_who_is_locked_out_is_helped_by_the_program_with_the_service_s_settings()
    {
        await InstallAsync();
        await SignUpAsync("ana");

        Assert.Contains("ana", await machine.RunAsync("systemctl stop olha; cd /var/lib/olha && runuser -u olha -- olha admin list"));
    }

    [Fact]
    public async Task The_shell_completes_its_command_line_and_the_doctor_finds_it_well()
    {
        await InstallAsync();

        Assert.Equal("migrate", await machine.RunAsync(
            "bash -c '. /usr/share/bash-completion/completions/olha; COMP_WORDS=(olha mi); COMP_CWORD=1; _olha; echo $COMPREPLY'"));
        Assert.Contains("#compdef olha", await machine.RunAsync("cat /usr/share/zsh/vendor-completions/_olha"));
        Assert.Contains("-a migrate", await machine.RunAsync("cat /usr/share/fish/vendor_completions.d/olha.fish"));
        Assert.Contains("The server runs at port 8080.", await machine.RunAsync("cd /var/lib/olha && runuser -u olha -- olha doctor"));
    }

    [Fact]
    public async Task An_upgrade_replaces_the_running_program_and_keeps_data_and_settings()
    {
        await machine.PutAsync(await OlderAsync(), "/root/old.deb");
        await machine.RunAsync($"dpkg --install /root/old.deb && {Ready}");
        Assert.Equal("0.0.1", await machine.RunAsync("dpkg-query --show --showformat='${Version}' olha-mensagem"));
        await SignUpAsync("ana");
        await machine.RunAsync("echo '# of my own' >> /etc/olha/olha.env");
        var before = await MainProcessAsync();

        await InstallAsync();

        Assert.NotEqual(before, await MainProcessAsync());
        Assert.Equal(409, await SignUpAsync("ana"));
        Assert.Equal("1", await machine.RunAsync("grep --count '# of my own' /etc/olha/olha.env"));
        Assert.Contains("olha.service: Deactivated successfully", await machine.RunAsync("journalctl --quiet --unit olha --no-pager"));
    }

    [Fact]
    public async Task Removed_it_is_gone_and_installed_again_it_has_its_data_and_settings()
    {
        await InstallAsync();
        await SignUpAsync("ana");
        await machine.RunAsync("echo PORT=8081 >> /etc/olha/olha.env");

        await machine.RunAsync("dpkg --remove olha-mensagem");

        Assert.Equal("", await machine.RunAsync("pgrep --exact olha || true"));
        Assert.Equal("", await machine.RunAsync("ls /usr/bin/olha /usr/lib/systemd/system/olha.service 2>/dev/null || true"));
        await machine.RunAsync("dpkg --install /root/new.deb && " + Ready.Replace(":8080", ":8081", StringComparison.Ordinal));
        Assert.Equal(409, await SignUpAsync("ana", port: 8081));
    }

    [Fact]
    public async Task Purged_all_is_gone_but_what_people_wrote()
    {
        await InstallAsync();
        await SignUpAsync("ana");

        var said = await machine.RunAsync("dpkg --purge olha-mensagem");

        Assert.Contains("the data stay in /var/lib/olha", said);
        Assert.Equal(Data, await machine.RunAsync($"ls {Data}"));
        var left = await machine.RunAsync("find / -xdev -path '*olha*' -not -path '/root/*' -not -path '/proc/*' -not -path '*/olha-*' -newer /root/new.deb");
        Assert.All(left.Split('\n'), path => Assert.StartsWith("/var/lib/olha", path));
        await InstallAsync();
        Assert.Equal(409, await SignUpAsync("ana"));
    }

    [Fact]
    public async Task Masked_by_the_operator_it_does_not_start_and_purged_without_data_nothing_stays()
    {
        await machine.RunAsync("systemctl mask olha.service && dpkg --install /root/new.deb");
        Assert.Equal("", await machine.RunAsync("pgrep --exact olha || true"));
        await machine.RunAsync("systemctl unmask olha.service");

        await machine.RunAsync("dpkg --purge olha-mensagem");

        Assert.Equal("", await machine.RunAsync("ls -d /var/lib/olha /etc/olha 2>/dev/null || true"));
    }

    [Fact]
    public async Task A_port_that_is_taken_breaks_no_installation_and_is_had_when_it_is_free()
    {
        await machine.RunAsync("systemd-run --quiet --unit=thief systemd-socket-activate --listen=8080 /bin/true");
        await machine.RunAsync("until ss --listening --no-header 'sport = 8080' | grep -q .; do sleep 0.1; done");

        await machine.RunAsync("dpkg --install /root/new.deb");

        Assert.Contains("port 8080 is taken", await machine.RunAsync(
            "until journalctl --quiet --unit olha --no-pager | grep 'is taken'; do sleep 0.1; done"));
        await machine.RunAsync($"systemctl stop thief; {Ready}");
    }

    Task<string> InstallAsync() => machine.RunAsync($"dpkg --install /root/new.deb && {Ready}");

    Task<string> MainProcessAsync() => machine.RunAsync("systemctl show --value --property MainPID olha");

    async Task<int> SignUpAsync(string name, int port = 8080) => int.Parse(await machine.RunAsync(
        $$"""curl --silent --output /dev/null --write-out '%{http_code}' --json '{"username":"{{name}}","password":"vento norte 7"}' http://localhost:{{port}}/api/v1/users"""));

    // The same package, as an older one.
    async Task<string> OlderAsync()
    {
        await Shell.RunAsync("dpkg-deb", "--raw-extract", Shipped.Deb, _folder["content"]);
        await Shell.RunAsync("sed", "--in-place", "s/^Version: .*/Version: 0.0.1/", _folder["content/DEBIAN/control"]);
        await Shell.RunAsync("dpkg-deb", "--root-owner-group", "-Znone", "--build", _folder["content"], _folder["older.deb"]);
        return _folder["older.deb"];
    }
}
