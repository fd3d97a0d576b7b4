// Everybody comes, is cut off and comes back at once.
enum { SAYS = 3 };

static void tell_heard(const char *format) {
    printf(format, (double)frames_heard / sockets, (double)bytes_heard / sockets / 1024);
    frames_heard = bytes_heard = 0;
}

static void say_and_wait(int times) {
    while (times--) say(all, now());
    uint64_t end = now() + drain * 1e9;
    while (!all_arrived() && now() < end) wait_for(0.02);
}

// The first of them returns alone and speaks: what the others then have missed must be told them again.
static int speak_alone(void) {
    connect_one(all);
    uint64_t end = now() + drain * 1e9;
    while (!all->ready && now() < end) wait_for(0.02);
    for (int i = 0; i < missed; i++) say(all, now());
    while (acks && acked_in_all < sent_in_all && now() < end) wait_for(0.02);
    return ready;
}

static void run_storm(void) {
    wait_for(settle);
    tell_heard(" heard_frames_per_conn=%.1f heard_kb_per_conn=%.1f");
    double rss = pid ? rss_of(pid) : 0;
    say_and_wait(SAYS);

    for (int i = 0; i < sockets; i++)
        if (all[i].fd >= 0) cut(all + i);
    ready = failed = 0;
    wait_for(1);
    int back = missed ? speak_alone() : 0;
    frames_heard = bytes_heard = 0;
    uint64_t begin = now();
    tell_arrival(connect_all(back), " returned=%d return_refused=%d return_s=%.2f return_per_s=%.0f return_cpu_us=%.0f return_overflows=%lu");
    wait_for(settle);
    tell_heard(" return_heard_frames_per_conn=%.1f return_heard_kb_per_conn=%.1f");
    say_and_wait(SAYS);

    double left = storm - (now() - begin) / 1e9;
    if (left > 0) wait_for(left);
    if (pid) printf(" rss_settled_mb=%.1f rss_mb=%.1f rss_ratio=%.3f", rss, rss_of(pid), rss_of(pid) / rss);
    check_ends();
}
