using System.Text.RegularExpressions;
using Olha.Testing;

namespace Olha.Package.Tests;

/// <summary>What can be known of the image where no Docker runs: what its file says, and how the program does in a container like it.</summary>
public sealed partial class ImageTests
{
    // The root holds this machine's glibc and OpenSSL and what the image's file copies, and is read-only but for the volume. No network but the
    // loopback, no rights, nothing in /tmp.
    const string Container = """
        set -e
        root=$1 program=$2 user=$3 folder=$4 volume=$5 owner=$6 entry=$7 health=$8
        shift 8
        mount -t tmpfs olha "$root"
        mkdir -p "$root/app" "$root/proc" "$root/dev" "$root/tmp" "$root$volume"
        for file in $(ldd "$program" | grep -o '/[^ ]*') $(ldconfig -p | grep -oE '/[^ ]*/lib(ssl|crypto)\.so\.3$'); do
          mkdir -p "$root$(dirname "$file")"
          cp -L "$file" "$root$file"
        done
        cp "$program" "$root/app/olha"
        touch "$root/dev/null" "$root/dev/urandom"
        mount --bind /dev/null "$root/dev/null"
        mount --bind /dev/urandom "$root/dev/urandom"
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=755 olha "$root$volume"
        chown "$owner" "$root$volume"
        mount -o remount,ro "$root"
        ip link set lo up
        inside() {
          exec env -i "$@" /usr/bin/setpriv --no-new-privs /usr/bin/unshare --root="$root" --wd="$folder" --setgid="${user#*:}" --setuid="${user%:*}" \
            "$entry" $asked
        }
        asked= inside "$@" &
        server=$!
        until (asked=$health inside "$@") 2> /dev/null; do
          kill -0 $server 2> /dev/null || wait $server || exit
          sleep 0.1
        done
        curl --silent --fail http://127.0.0.1:8080/
        kill -TERM $server
        wait $server
        echo files:
        ls "$root$volume"
        """;

    static readonly ImageFile s_file = new(Shipped.Read("Dockerfile"));

    [Fact]
    public void Every_stage_that_is_copied_from_was_made_before()
    {
        foreach (var stage in From().Matches(string.Join('\n', s_file.All("COPY"))).Select(match => match.Groups[1].Value))
            Assert.Contains(stage, s_file.Stages);
    }

    [Fact]
    public void The_SDK_is_that_of_global_json() =>
        Assert.Contains($"sdk:{Shipped.Between(Shipped.Read("global.json"), "\"version\": \"", "\"")}-", s_file.All("FROM").Single(from => from.Contains("/sdk:")));

    [Fact]
    public void What_is_copied_is_what_script_publish_makes()
    {
        var build = Assert.Single(s_file.All("RUN"), run => run.Contains("script/publish", StringComparison.Ordinal));

        Assert.Contains("mv artifacts/publish/*/olha /image/olha", build);
        Assert.Equal(
            ["--from=build /image/olha /app/olha", "--from=build --chown=100:101 /image/data /app/data", "--from=build --chown=100:101 /image/data /olha-mensagem-app/data"],
            s_file.Last("COPY"));
        Assert.Empty(s_file.Last("RUN")); // there is nothing to run it with
    }

    [Fact]
    public void It_keeps_what_the_original_documents()
    {
        Assert.Equal(["8080"], s_file.Last("EXPOSE"));
        Assert.Equal(["/app/data"], s_file.Last("VOLUME"));
        Assert.Equal(["/app"], s_file.Last("WORKDIR"));
        Assert.Equal(("8080", "/app/data/olha_mensagem.db"), (s_file.Environment["PORT"], s_file.Environment["DB_NAME"]));
    }

    [Fact]
    public void Compose_runs_it_as_confined_and_takes_over_the_original_s_volume()
    {
        var compose = Shipped.Read("compose.yaml");

        Assert.DoesNotContain('\t', compose);
        foreach (var line in (string[])["build: .", "image: olha-mensagem-app", "- olha-mensagem-db-data:/app/data", "read_only: true", "cap_drop: [ALL]",
                     "security_opt: [\"no-new-privileges:true\"]", "- \"${PORT:-8080}:8080\""])
            Assert.Single(compose.Split('\n'), it => it.Trim() == line);
    }

    [Fact]
    public async Task Its_user_without_any_right_serves_from_read_only_files_and_keeps_its_data_in_the_volume()
    {
        var said = await RunAsContainerAsync("/app/data");

        Assert.Contains("HTTP/1.1 200 OK", said); // the health check's line
        Assert.Contains("/_app/immutable/", said);
        Assert.Equal(["olha_mensagem.db", "olha_mensagem.db.lock", "olha_mensagem.db.nonce"], Files(said).Where(name => !name.EndsWith("-wal") && !name.EndsWith("-shm")));
    }

    [Fact]
    public async Task The_settings_of_the_original_s_compose_file_work_in_its_volume()
    {
        var said = await RunAsContainerAsync("/olha-mensagem-app/data", "DB_NAME=/olha-mensagem-app/data/olha_mensagem.db",
            "DB_MIGRATIONS_PATH=/olha-mensagem-app/internal/database/migrations", "LOG_LEVEL=INFO");

        Assert.Contains("HTTP/1.1 200 OK", said);
        Assert.Contains("olha_mensagem.db", Files(said));
    }

    [Fact]
    public async Task A_volume_that_belongs_to_another_user_is_one_line()
    {
        var (code, _, complaint) = await TryAsContainerAsync("/app/data", owner: "0:0");

        Assert.Equal(1, code);
        Assert.StartsWith("olha: ", complaint);
        Assert.Single(complaint.Split('\n'));
    }

    static async Task<string> RunAsContainerAsync(string volume, params string[] variables)
    {
        var (code, said, complaint) = await TryAsContainerAsync(volume, s_file.Last("USER").Single(), variables);
        return code == 0 ? said : throw new InvalidOperationException($"{code}\n{said}\n{complaint}");
    }

    static async Task<(int Code, string Said, string Complaint)> TryAsContainerAsync(string volume, string owner, params string[] variables)
    {
        using var root = new TempFolder();
        return await Shell.TryAsync("unshare", ["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", Container, "sh",
            root.Path, Shipped.Program, s_file.Last("USER").Single(), s_file.Last("WORKDIR").Single(), volume, owner,
            ImageFile.Command(s_file.Last("ENTRYPOINT").Single()).Single(),
            ImageFile.Command(s_file.Last("HEALTHCHECK").Single()).Last(),
            .. s_file.Environment.Select(pair => $"{pair.Key}={pair.Value}"), .. variables]);
    }

    static IEnumerable<string> Files(string said) => said.Split("files:\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Order();

    [GeneratedRegex("--from=([^ ]+)")]
    private static partial Regex From();
}
