// wsload: a load generator for WebSocket servers, one thread on one epoll. It measures fan-out, latency and the server's CPU
// and memory, and checks that nothing is lost, doubled or reordered. bench/README.md lists the options and the figures.
// gcc -O2 -o wsload wsload.c
//
// A message's content is T<16 hex ns>S<8 hex sender>Q<8 hex number>. padded with x to --size. Connection i is in room
// i % rooms; whoever is in a room must hear every message of every sender there exactly once, in the sender's order.
#define _GNU_SOURCE
#include "wsload/measure.h"
#include "wsload/frames.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

enum { CONTENT = 36 };

static const char *host = "127.0.0.1", *path = "/api/ws/%d", *content_template = "%s", *header_file, *hello_file, *extra, *pong,
    *ping_text = "{\"type\":\"ping\"", *ready_text;
static int sockets = 100, port = 8080, base = 1, senders = 1, window = 1, size = 64, hold, rooms = 1, room_base = 1, flight = 512,
    acks, loop_acked;
static double rate, seconds = 5, warm = 1, settle = 1, drain = 10;
static long pid;

static conn *all;
static char **headers, **hellos;
static int header_count, hello_count, per_room;
static int recording; // 1: what happens is counted; -1: nothing new is said
static unsigned nonce;
static uint64_t deliveries, sent, own, sent_in_all, acked, acked_in_all, missing, doubled, refused, strange;
static histogram delivery_time, ack_time;

// at: the moment when it was to be said, so that a late sender does not hide a wait.
static void say(conn *c, uint64_t at) {
    static char content[MOST_SIZE + 1], text[MOST_SIZE * 2];
    if (c->fd < 0) return;
    unsigned number = c->next++, id = c - all;
    if (acks) {
        if ((number & (number + 1)) == 0) c->sent_at = realloc(c->sent_at, (number + 1) * 2 * sizeof *c->sent_at);
        c->sent_at[number] = at;
    }
    int n = sprintf(content, "T%016lxS%08xQ%08x.", (unsigned long)at, id, number);
    if (n < size) memset(content + n, 'x', size - n), n = size;

    char *o = text;
    for (const char *t = content_template; *t; t++) {
        if (o - text > MOST_SIZE) die("a template that long");
        if (t[0] != '%' || !strchr("sdu", t[1]) || !t[1]) *o++ = *t;
        else if (*++t == 's') memcpy(o, content, n), o += n;
        else if (*t == 'd') o += sprintf(o, "%d", (int)id % rooms + room_base);
        else o += sprintf(o, "%08x%08x%08x", nonce, number, id);
    }
    c->unanswered++;
    sent_in_all++;
    if (recording) sent++;
    send_frame(c, 1, text, o - text);
}

static void answered(conn *c) {
    c->unanswered--;
    if (!rate && c->sender && recording >= 0)
        while (c->fd >= 0 && c->unanswered < window) say(c, now());
}

static uint64_t hex(const uint8_t *p, int n) {
    uint64_t v = 0;
    for (; n--; p++) v = v << 4 | (*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10);
    return v;
}

static void heard(conn *c, const uint8_t *q) {
    uint64_t at = hex(q + 1, 16);
    uint32_t s = hex(q + 18, 8), number = hex(q + 27, 8);
    if (s >= (uint32_t)senders || (int)s % rooms != (c - all) % rooms) {
        strange++;
        return;
    }
    if (recording > 0) {
        deliveries++;
        uint64_t t = now();
        count(&delivery_time, t > at ? t - at : 0);
    }
    uint32_t *expected = &c->heard[s / rooms];
    if (number < *expected) {
        doubled++; // again, or after a later one
    } else {
        missing += number - *expected;
        *expected = number + 1;
    }
    if ((int)s != c - all) return;
    if (recording > 0) own++;
    if (!loop_acked) answered(c);
}

static void acknowledged(conn *c, const uint8_t *p, int n) {
    const uint8_t *cid = memmem(p, n, "\"cid\":\"", 7);
    if (!cid || cid + 7 + 24 > p + n || hex(cid + 7, 8) != nonce || hex(cid + 23, 8) != (uint64_t)(c - all)) {
        strange++;
        return;
    }
    uint32_t number = hex(cid + 15, 8);
    if (number >= c->next || !c->sent_at[number] || memmem(p, n, "\"duplicate\":true", 16)) {
        doubled++;
        return;
    }
    if (recording > 0) {
        acked++;
        uint64_t t = now(), at = c->sent_at[number];
        count(&ack_time, t > at ? t - at : 0);
    }
    c->sent_at[number] = 0;
    acked_in_all++;
    if (loop_acked) answered(c);
}

static void greet(conn *c) {
    if (!ready_text) c->ready = 1, ready++;
    if (!hello_count) return;
    const char *hello = hellos[c - all < hello_count ? c - all : hello_count - 1];
    send_frame(c, 1, hello, strlen(hello));
}

static void take_text(conn *c, const uint8_t *p, int n) {
    if (!c->ready && ready_text && memmem(p, n, ready_text, strlen(ready_text))) {
        c->ready = 1;
        ready++;
        return;
    }
    if (pong && begins(p, n, ping_text)) {
        send_frame(c, 1, pong, strlen(pong));
        return;
    }
    if (acks && begins(p, n, "{\"type\":\"ack\"")) {
        acknowledged(c, p, n);
        return;
    }
    if (acks && begins(p, n, "{\"type\":\"refused\"")) {
        if (!refused++) fprintf(stderr, "refused: %.*s\n", n, p);
        return;
    }
    for (const uint8_t *q = p, *end = p + n - CONTENT; q <= end; q++) {
        if (!(q = memchr(q, 'T', end - q + 1))) return;
        if (q[17] == 'S' && q[26] == 'Q' && q[35] == '.') {
            heard(c, q);
            return;
        }
    }
}

static void connect_one(int i) {
    conn *c = all + i;
    c->heard = calloc(per_room, sizeof *c->heard);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0) die("socket: %s (ulimit -n?)", strerror(errno));
    if (sockets > 20000) { // an address has about 28,000 ports
        struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002 + i / 20000) };
        bind(c->fd, (void *)&from, sizeof from);
    }
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, host, &to.sin_addr);
    if (connect(c->fd, (void *)&to, sizeof to)) die("connect: %s", strerror(errno));

    char where[512], request[8192];
    snprintf(where, sizeof where, path, i + base);
    const char *own_header = header_count ? headers[i < header_count ? i : header_count - 1] : 0;
    int n = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s%s\r\n",
        where, host, port, extra ? extra : "", extra ? "\r\n" : "", own_header ? own_header : "", own_header ? "\r\n" : "");
    if (send(c->fd, request, n, MSG_NOSIGNAL) != n) die("send: %s", strerror(errno));
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &e);
}

static void wait_for(double s) {
    uint64_t end = now() + s * 1e9;
    for (uint64_t t; (t = now()) < end;) pump((end - t) / 1000000 < 10 ? 1 : 10);
}

static void connect_all(void) {
    double cpu = pid ? cpu_of(pid, 0) : 0;
    uint64_t begin = now();
    for (int opened = 0; ready + failed < sockets && now() - begin < 120000000000ull;) {
        for (int b = 0; b < 64 && opened < sockets && opened - ready - failed < flight; b++) connect_one(opened++);
        pump(opened < sockets ? 0 : 50);
    }
    double s = (now() - begin) / 1e9;
    printf("connected=%d refused=%d connect_s=%.2f conn_per_s=%.0f", ready, sockets - ready, s, ready / s);
    if (pid) printf(" connect_cpu_us=%.0f", (cpu_of(pid, 0) - cpu) * 1e6 / (ready ? ready : 1));
}

static void run_idle(double rss) {
    wait_for(hold / 2.0);
    double cpu = pid ? cpu_of(pid, 0) : 0;
    uint64_t half = now();
    wait_for(hold / 2.0);
    if (pid)
        printf(" rss_mb=%.1f kb_per_conn=%.2f idle_cpu_pct=%.2f", rss_of(pid), (rss_of(pid) - rss) * 1024 / (alive ? alive : 1),
            (cpu_of(pid, 0) - cpu) * 1e11 / (now() - half));
}

// Nothing new is said: everything under way must arrive.
static int all_arrived(void) {
    if (acks && acked_in_all < sent_in_all) return 0;
    for (int i = 0; i < sockets; i++)
        for (int s = i % rooms; s < senders; s += rooms)
            if (all[i].heard[s / rooms] != all[s].next) return 0;
    return 1;
}

static void check_ends(void) {
    uint64_t end = now() + drain * 1e9;
    while (!all_arrived() && now() < end) wait_for(0.02);
    for (int i = 0; i < sockets; i++)
        for (int s = i % rooms; s < senders; s += rooms) missing += all[s].next - all[i].heard[s / rooms];
    uint64_t unacked = acks ? sent_in_all - acked_in_all : 0;
    printf(" violations=%lu missing=%lu doubled=%lu unacked=%lu refused_posts=%lu strange=%lu sent_in_all=%lu acked_in_all=%lu",
        missing + doubled + unacked + refused + strange, missing, doubled, unacked, refused, strange, sent_in_all, acked_in_all);
}

static void run_talk(void) {
    wait_for(settle);
    uint64_t begin = now(), from = begin + warm * 1e9, end = from + seconds * 1e9, recorded = 0, t, said = 0;
    double cpu = 0, system = 0, system_end = 0;
    for (int i = 0; i < senders; i++) {
        all[i].sender = 1;
        if (!rate)
            while (all[i].fd >= 0 && all[i].unanswered < window) say(all + i, now());
    }
    while ((t = now()) < end) {
        if (!recording && t >= from) {
            recording = 1;
            recorded = t;
            if (pid) cpu = cpu_of(pid, &system);
        }
        for (uint64_t due; rate && (due = begin + said / rate * 1e9) <= t; said++) say(all + said % senders, due);
        pump(rate ? 0 : 5);
    }
    double s = (now() - recorded) / 1e9, used = pid ? cpu_of(pid, &system_end) - cpu : 0;
    recording = -1; // and nobody goes on
    printf(" secs=%.2f sent_per_s=%.0f deliveries_per_s=%.0f p50_ms=%.2f p99_ms=%.2f p999_ms=%.2f max_ms=%.2f", s,
        (rate ? sent : own) / s, deliveries / s, percentile(&delivery_time, .5), percentile(&delivery_time, .99),
        percentile(&delivery_time, .999), delivery_time.top / 1e6);
    if (acks)
        printf(" acks_per_s=%.0f ack_p50_ms=%.2f ack_p99_ms=%.2f ack_max_ms=%.2f", acked / s, percentile(&ack_time, .5),
            percentile(&ack_time, .99), ack_time.top / 1e6);
    if (pid)
        printf(" srv_cpu=%.2f cpu_us_per_delivery=%.3f sys_share=%.2f rss_mb=%.1f", used / s,
            deliveries ? used * 1e6 / deliveries : 0, used > 0 ? (system_end - system) / used : 0, rss_of(pid));
    check_ends();
}

static char **lines_of(const char *file, int *n) {
    FILE *f = fopen(file, "r");
    char **lines = 0, *line = 0;
    size_t room = 0;
    if (!f) die("%s: %s", file, strerror(errno));
    for (ssize_t k; (k = getline(&line, &room, f)) > 0;) {
        line[strcspn(line, "\r\n")] = 0;
        lines = realloc(lines, (*n + 1) * sizeof *lines);
        lines[(*n)++] = strdup(line);
    }
    fclose(f);
    return lines;
}

static void read_options(int n, char **v) {
    const struct { const char *name; char kind; void *value; } known[] = {
        { "--host", 's', &host }, { "--port", 'i', &port }, { "--path", 's', &path }, { "--base", 'i', &base },
        { "--n", 'i', &sockets }, { "--flight", 'i', &flight }, { "--headers", 's', &header_file }, { "--extra", 's', &extra },
        { "--hello", 's', &hello_file }, { "--ready", 's', &ready_text }, { "--pong", 's', &pong }, { "--ping", 's', &ping_text },
        { "--acks", 'i', &acks }, { "--tmpl", 's', &content_template }, { "--rooms", 'i', &rooms }, { "--room-base", 'i', &room_base },
        { "--senders", 'i', &senders }, { "--window", 'i', &window }, { "--loop-acked", 'i', &loop_acked }, { "--rate", 'd', &rate },
        { "--size", 'i', &size }, { "--settle", 'd', &settle }, { "--warm", 'd', &warm }, { "--secs", 'd', &seconds },
        { "--drain", 'd', &drain }, { "--hold", 'i', &hold }, { "--pid", 'l', &pid },
    };
    for (int i = 1; i < n; i += 2) {
        unsigned k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k].name, v[i])) k++;
        if (k == sizeof known / sizeof *known) die("what is %s?", v[i]);
        if (i + 1 == n) die("%s needs a value", v[i]);
        switch (known[k].kind) {
            case 's': *(const char **)known[k].value = v[i + 1]; break;
            case 'i': *(int *)known[k].value = atoi(v[i + 1]); break;
            case 'l': *(long *)known[k].value = atol(v[i + 1]); break;
            case 'd': *(double *)known[k].value = atof(v[i + 1]); break;
        }
    }
    if (sockets < 1 || rooms < 1 || senders < 1 || window < 1 || flight < 1) die("--n, --rooms, --senders, --window, --flight: 1 or more");
    if (size > MOST_SIZE) die("--size: %d at most", MOST_SIZE);
    if (loop_acked && !acks) die("--loop-acked needs --acks 1");
    if (senders > sockets) senders = sockets;
    per_room = (senders + rooms - 1) / rooms;
}

int main(int n, char **v) {
    read_options(n, v);
    nonce = now() ^ getpid();
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (header_file) headers = lines_of(header_file, &header_count);
    if (hello_file) hellos = lines_of(hello_file, &hello_count);
    all = calloc(sockets, sizeof *all);
    delivery_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    ack_time.bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
    poll_fd = epoll_create1(0);
    double rss = pid ? rss_of(pid) : 0;
    uint64_t begin = now();

    connect_all();
    if (hold) run_idle(rss);
    else run_talk();

    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf(" alive=%d lost_conns=%lu gen_cpu=%.2f\n", alive, dropped, cpu / ((now() - begin) / 1e9));
    return 0;
}
