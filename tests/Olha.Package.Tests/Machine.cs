using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Olha.Testing;

namespace Olha.Package.Tests;

/// <summary>A machine of the tests' own: systemd boots in namespaces, on this machine's files with all changes in memory. Nothing that
/// is done in it is seen outside, and it ends with the tests however they end.</summary>
/// <remarks>Needs root, in a container a privileged one.</remarks>
public sealed class Machine : IAsyncLifetime
{
    // Control groups of its own: whichever hierarchies there are. The shell reads the tests' pipe and heeds no signal.
    const string Boot = """
        set -e
        trap '' HUP INT TERM
        here=$1
        for at in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
          [ ! -e $at/cgroup.procs ] || { mkdir $at/olha-$$; echo $$ > $at/olha-$$/cgroup.procs; }
        done
        mount -t tmpfs olha "$here"
        mkdir "$here/changes" "$here/work" "$here/root"
        mount -t overlay olha -o "lowerdir=/,upperdir=$here/changes,workdir=$here/work" "$here/root"
        mkdir -p /run/systemd
        mount -t tmpfs olha /run/systemd
        rm -f "$here/root/usr/sbin/policy-rc.d" "$here"/root/etc/systemd/system/*.wants/*
        echo 0123456789abcdef0123456789abcdef > "$here/root/etc/machine-id"
        systemd-nspawn --quiet --directory="$here/root" --boot --register=no --keep-unit --private-network --link-journal=no \
          --machine=olha-test --console=pipe --notify-ready=yes systemd.unit=basic.target < /dev/null &
        machine=$!
        cat > /dev/null
        set +e
        # All others of its namespace end with its first process, and what watches over that one follows.
        first=$(pgrep --parent $machine) && kill -KILL $first
        wait $machine || true
        tail --sleep-interval=0.1 --pid=${first:-$machine} --follow /dev/null
        for at in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
          [ ! -e $at/olha-$$ ] || { echo $$ > $at/cgroup.procs; find $at/olha-$$ -depth -type d -exec rmdir {} \; ; }
        done
        """;

    static readonly string[] s_refusals = ["Operation not permitted", "Permission denied", "Read-only file system"];

    readonly TempFolder _folder = new();
    readonly Process _shell;
    readonly Task<string> _complaint;
    readonly Socket _news = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    string _leader = "";

    /// <summary>Why it could not boot: not root, or in a container that is not privileged; null: it runs.</summary>
    public string? WhyNot { get; private set; }

    public Machine()
    {
        Directory.CreateDirectory(_folder["disk"]);
        _news.Bind(new UnixDomainSocketEndPoint(_folder["news"]));
        var start = new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-c", Boot, "sh", _folder["disk"]])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = _folder["news"];
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        _shell = Process.Start(start)!;
        _ = _shell.StandardOutput.ReadToEndAsync();
        _complaint = _shell.StandardError.ReadToEndAsync();
    }

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var buffer = new byte[4096];
        for (var ready = false; !ready;)
        {
            var length = _news.ReceiveAsync(buffer, patience.Token).AsTask();
            if (await Task.WhenAny(length, _complaint) == _complaint)
            {
                var complaint = await _complaint;
                if (!s_refusals.Any(complaint.Contains)) throw new InvalidOperationException($"It did not boot: {complaint}");
                WhyNot = $"This machine lets nobody boot another one: {complaint}";
                return;
            }
            foreach (var line in Encoding.UTF8.GetString(buffer, 0, await length).Split('\n'))
            {
                if (line.StartsWith("X_NSPAWN_LEADER_PID=", StringComparison.Ordinal)) _leader = line.Split('=')[1];
                ready |= line == "READY=1";
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _news.Dispose();
        _folder.Dispose();
    }

    /// <summary>Puts a file of this machine on that one.</summary>
    public Task PutAsync(string file, string path) =>
        Shell.RunAsync("sh", "-c", "cat \"$1\" > \"/proc/$2/root$3\"", "sh", file, _leader, path);

    /// <inheritdoc cref="Shell.RunAsync" />
    public Task<string> RunAsync(string command) => Shell.RunAsync("nsenter", Inside(command));

    public Task<(int Code, string Said, string Complaint)> TryAsync(string command) => Shell.TryAsync("nsenter", Inside(command));

    string[] Inside(string command) => ["--target", _leader, "--all", "--root", "--wd", "--", "sh", "-c", command];
}
