// The load itself: who says what when, what it cost, and whether all of it arrived.
typedef struct {
    uint64_t begin, recorded; // ns; recorded: since when it counts
    double cpu, system;
    uint64_t heard;           // bytes, before it counts
    trend rss, slope;         // MB over minutes: since the beginning, and while it counts
} talk;

// Who reads the clocks of other processes has to know when this one looks at them.
static void mark(const char *what) {
    fprintf(stderr, "%s\n", what);
}

// Those that read no more are not waited for.
static int all_arrived(void) {
    if (acks && acked_in_all < sent_in_all) return 0;
    for (int i = 0; i < sockets - stuck; i++)
        for (int s = i % rooms; s < senders; s += rooms)
            if ((all[i].heard[s / rooms] & ~AFRESH) != all[s].next) return 0;
    return 1;
}

static void check_ends(void) {
    uint64_t end = now() + drain * 1e9;
    while (!all_arrived() && now() < end) wait_for(0.02);
    for (int i = 0; i < sockets - stuck; i++)
        for (int s = i % rooms; s < senders; s += rooms) missing += all[s].next - (all[i].heard[s / rooms] & ~AFRESH);
    uint64_t unacked = acks ? sent_in_all - acked_in_all : 0;
    printf(" violations=%lu missing=%lu doubled=%lu unacked=%lu refused_posts=%lu strange=%lu sent_in_all=%lu acked_in_all=%lu foreign=%lu",
        missing + doubled + unacked + refused + strange, missing, doubled, unacked, refused, strange, sent_in_all, acked_in_all, foreign);
}

// They go on answering pings, so that the server can let them go for nothing but what waits for them.
static void stick(uint64_t t) {
    static uint64_t ponged;
    if (!stuck || t - ponged < 5000000000ull) return;
    if (!ponged) stuck_since = t;
    for (conn *c = all + sockets - stuck; c < all + sockets; c++) {
        if (c->fd < 0) continue;
        c->stuck = 1;
        watch(c, 0);
        send_frame(c, 10, "", 0);
    }
    ponged = t;
}

static void begin_talk(talk *it) {
    it->begin = now();
    for (int i = 0; i < senders; i++) {
        all[i].sender = 1;
        while (!rate && all[i].ready && all[i].unanswered < window) say(all + i, now());
    }
}

static void look_at_server(talk *it, uint64_t t) {
    static uint64_t due;
    if (!pid || t < due) return;
    double mb = rss_of(pid), minutes = (t - it->begin) / 60e9;
    sample(&it->rss, minutes, mb);
    if (recording) sample(&it->slope, minutes, mb);
    due = t + 1000000000;
}

static void tell_talk(const talk *it, double s, double used, double system) {
    printf(" secs=%.2f sent_per_s=%.0f deliveries_per_s=%.0f p50_ms=%.2f p99_ms=%.2f p999_ms=%.2f max_ms=%.2f heard_kb_per_s=%.1f", s,
        (rate ? sent : own) / s, deliveries / s, percentile(&delivery_time, .5), percentile(&delivery_time, .99),
        percentile(&delivery_time, .999), delivery_time.top / 1e6,
        (bytes_heard - it->heard) / s / 1024);
    if (acks)
        printf(" acks_per_s=%.0f ack_p50_ms=%.2f ack_p99_ms=%.2f ack_max_ms=%.2f", acked / s, percentile(&ack_time, .5),
            percentile(&ack_time, .99), ack_time.top / 1e6);
    if (pid)
        printf(" srv_cpu=%.2f cpu_us_per_delivery=%.3f sys_share=%.2f rss_mb=%.1f rss_growth_mb=%.1f rss_slope_mb_per_min=%.2f", used / s,
            deliveries ? used * 1e6 / deliveries : 0, used > 0 ? system / used : 0, rss_of(pid), it->rss.most - it->rss.first,
            slope(&it->slope));
    if (stuck) printf(" stuck_closed=%lu stuck_s=%.1f", stuck_closed, stuck_closed ? stuck_ns / 1e9 / stuck_closed : 0);
    if (!lives_a_day()) return;
    printf(" typings=%lu typing_heard=%lu presence_heard=%lu returns=%lu repeated=%lu", typings, typing_heard, presence_heard, returns,
        repeated);
    if (change_rate)
        printf(" changes_per_s=%.1f revisions_heard=%lu change_p50_ms=%.2f change_p99_ms=%.2f", changes / s, revisions_heard,
            percentile(&change_time, .5), percentile(&change_time, .99));
    if (read_rate)
        printf(" pages_per_s=%.1f page_messages=%lu page_p50_ms=%.2f page_p99_ms=%.2f page_max_ms=%.2f", pages / s, page_messages,
            percentile(&page_time, .5), percentile(&page_time, .99), page_time.top / 1e6);
}

static void run_talk(void) {
    wait_for(settle);
    talk it = { 0 };
    begin_talk(&it);
    uint64_t from = it.begin + warm * 1e9, end = from + seconds * 1e9, t, said = 0;
    while ((t = now()) < end) {
        if (!recording && t >= from) {
            recording = 1;
            it.recorded = t;
            it.heard = bytes_heard;
            mark("counting");
            if (pid) it.cpu = cpu_of(pid, &it.system);
        }
        look_at_server(&it, t);
        stick(t);
        for (uint64_t due; rate && (due = it.begin + said / rate * 1e9) <= t; said++) say(all + said % senders, due);
        if (lives_a_day()) live(it.begin, t);
        pump(rate ? 0 : 5);
    }
    mark("counted");
    double s = (now() - it.recorded) / 1e9, system = 0, cpu = pid ? cpu_of(pid, &system) : 0;
    recording = -1; // and nobody goes on
    if (lives_a_day()) end_day(it.begin);
    tell_talk(&it, s, cpu - it.cpu, system - it.system);
    check_ends();
}
