// wsload: a load generator for WebSocket servers, one thread on one epoll. It measures fan-out, latency and the server's CPU
// and memory, and checks that nothing is lost, doubled or reordered. bench/README.md lists the options and the figures.
// gcc -O2 -o wsload wsload.c
//
// A message's content is T<16 hex ns>S<8 hex sender>Q<8 hex number>. padded with x to --size. Connection i is in room
// i % rooms; whoever is in a room must hear every message of every sender there exactly once, in the sender's order.
#define _GNU_SOURCE
#include "wsload/measure.h"
#include "wsload/frames.h"
#include "wsload/options.h"
#include "wsload/messages.h"
#include "wsload/connect.h"
#include "wsload/pages.h"
#include "wsload/day.h"
#include "wsload/talk.h"
#include "wsload/storm.h"
#include <sys/resource.h>

static void run_idle(double rss) {
    wait_for(hold / 2.0);
    mark("counting");
    double cpu = pid ? cpu_of(pid, 0) : 0;
    uint64_t half = now();
    wait_for(hold / 2.0);
    mark("counted");
    if (pid)
        printf(" rss_mb=%.1f kb_per_conn=%.2f idle_cpu_pct=%.2f", rss_of(pid), (rss_of(pid) - rss) * 1024 / (alive ? alive : 1),
            (cpu_of(pid, 0) - cpu) * 1e11 / (now() - half));
}

int main(int n, char **v) {
    read_options(n, v);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    all = calloc(sockets, sizeof *all);
    delivery_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    ack_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    page_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    change_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    if (change_rate) to_change = calloc(rooms, sizeof *to_change);
    poll_fd = epoll_create1(0);
    double rss = pid ? rss_of(pid) : 0;
    uint64_t begin = now();

    tell_arrival(connect_all(0), "connected=%d refused=%d connect_s=%.2f conn_per_s=%.0f connect_cpu_us=%.0f overflows=%lu");
    if (hold) run_idle(rss);
    else if (storm) run_storm();
    else run_talk();

    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf(" alive=%d lost_conns=%lu gen_cpu=%.2f\n", alive, dropped, cpu / ((now() - begin) / 1e9));
    return 0;
}
