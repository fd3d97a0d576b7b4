// pages: reads pages of history over HTTP/1.1 and checks them. Each reader has one connection and asks for the next page when
// it has the last; what is measured is from sending the request to having the whole answer.
// gcc -O2 -o pages pages.c -lpthread ; pages --port P --asks FILE [--pid PID] [--readers 2] [--warm 1] [--secs 5]
//
// A line of FILE, with tabs between: kind, header, path, room, first, last. Reader i of n takes the lines i, i + n, ... and begins
// again at the end. The answer must hold the messages first to last (their seq) of the room, each once and in order, and each
// body must begin with "room/seq ".
#define _GNU_SOURCE
#pragma GCC diagnostic ignored "-Wunused-function" // it takes some of wsload's measures, not all
#include "wsload/measure.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { KINDS = 8, READERS = 64, ANSWER = 1 << 20 };

typedef struct {
    int kind, length;
    char *request;
    long room, first, last;
} ask;

typedef struct {
    pthread_t thread;
    int number, fd;
    histogram time[KINDS];
    uint64_t bytes[KINDS], violations;
    char answer[ANSWER + 1], body[ANSWER + 1];
} reader;

static const char *asks_file;
static int port = 8080, reader_count = 2;
static double warm = 1, seconds = 5;
static long pid;
static ask *asks;
static int ask_count, kind_count;
static char *kinds[KINDS];
static uint64_t from, end;

static int connect_to(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fd < 0 || connect(fd, (void *)&to, sizeof to)) die("connect: %s", strerror(errno));
    return fd;
}

// Where the body begins once all has come, otherwise 0. The end of a chunked body is its last chunk's.
static int whole(const char *answer, int n) {
    const char *begin = memmem(answer, n, "\r\n\r\n", 4), *length;
    if (!begin) return 0;
    int body = begin + 4 - answer;
    if ((length = strcasestr(answer, "\r\ncontent-length: ")) && length < begin) return n - body >= atoi(length + 18) ? body : 0;
    return n - body >= 5 && !memcmp(answer + n - 5, "0\r\n\r\n", 5) ? body : 0;
}

// The body without the chunks' sizes between.
static void unwrap(reader *r, int begin) {
    char *p = r->answer + begin, *o = r->body;
    if (!memmem(r->answer, begin, "hunked\r\n", 8)) {
        strcpy(o, p);
        return;
    }
    for (long n; (n = strtol(p, &p, 16)) > 0; p += 2 + n + 2) memcpy(o, p + 2, n), o += n;
    *o = 0;
}

static void violated(reader *r, const ask *a, const char *what) {
    if (r->violations++) return;
    fprintf(stderr, "%s: %s\n%.*s\n%.400s\n", kinds[a->kind], what, (int)strcspn(a->request, "\r"), a->request, r->body);
}

static void check(reader *r, const ask *a) {
    long seq = a->first;
    if (strncmp(r->answer, "HTTP/1.1 200", 12)) {
        violated(r, a, "not 200");
        return;
    }
    for (char *p = r->body, text[64]; (p = strstr(p, "\"seq\":")); seq++) {
        int n = sprintf(text, "\"body\":\"%ld/%ld ", a->room, seq);
        const char *body = strstr(p, "\"body\":\"");
        if (atol(p += 6) != seq || !body || strncmp(body, text, n)) {
            violated(r, a, "another message than the next");
            return;
        }
    }
    if (seq != a->last + 1) violated(r, a, "not as many messages as there are");
}

static void exchange(reader *r, const ask *a, int recording) {
    int n = 0, body = 0;
    uint64_t begin = now();
    if (send(r->fd, a->request, a->length, MSG_NOSIGNAL) != a->length) die("send: %s", strerror(errno));
    while (!body) {
        ssize_t k = recv(r->fd, r->answer + n, ANSWER - n, 0);
        if (k <= 0) die("%s: the connection ended within an answer of %d bytes", kinds[a->kind], n);
        r->answer[n += k] = 0;
        body = whole(r->answer, n);
    }
    if (recording) {
        count(&r->time[a->kind], now() - begin);
        r->bytes[a->kind] += n;
    }
    unwrap(r, body);
    check(r, a);
}

static void *read_on(void *of) {
    reader *r = of;
    uint64_t t;
    for (int i = r->number; (t = now()) < end; i = i + reader_count < ask_count ? i + reader_count : r->number)
        exchange(r, asks + i, t >= from);
    return 0;
}

static int kind_of(const char *name) {
    for (int i = 0; i < kind_count; i++)
        if (!strcmp(kinds[i], name)) return i;
    if (kind_count == KINDS) die("more than %d kinds", KINDS);
    kinds[kind_count] = strdup(name);
    return kind_count++;
}

static void read_asks(void) {
    FILE *f = fopen(asks_file, "r");
    char *line = 0, request[8192];
    size_t room = 0;
    if (!f) die("%s: %s", asks_file, strerror(errno));
    while (getline(&line, &room, f) > 0) {
        char *rest = line, *word[6];
        for (int i = 0; i < 6; i++)
            if (!(word[i] = strsep(&rest, "\t"))) die("%s: a line with too few words", asks_file);
        asks = realloc(asks, (ask_count + 1) * sizeof *asks);
        ask *a = asks + ask_count++;
        a->length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n\r\n", word[2], port, word[1]);
        *a = (ask) { kind_of(word[0]), a->length, strdup(request), atol(word[3]), atol(word[4]), atol(word[5]) };
    }
    fclose(f);
    if (ask_count < reader_count) die("%s: fewer lines than readers", asks_file);
}

static void read_options(int n, char **v) {
    for (int i = 1; i < n; i += 2) {
        if (i + 1 == n) die("%s needs a value", v[i]);
        if (!strcmp(v[i], "--port")) port = atoi(v[i + 1]);
        else if (!strcmp(v[i], "--asks")) asks_file = v[i + 1];
        else if (!strcmp(v[i], "--pid")) pid = atol(v[i + 1]);
        else if (!strcmp(v[i], "--readers")) reader_count = atoi(v[i + 1]);
        else if (!strcmp(v[i], "--warm")) warm = atof(v[i + 1]);
        else if (!strcmp(v[i], "--secs")) seconds = atof(v[i + 1]);
        else die("what is %s?", v[i]);
    }
    if (!asks_file || reader_count < 1 || reader_count > READERS) die("--asks FILE is needed, and 1 to %d --readers", READERS);
}

static void report(const reader *readers) {
    uint64_t all = 0, violations = 0;
    for (int k = 0; k < kind_count; k++) {
        histogram together = { .bucket = calloc(BUCKETS + 1, sizeof(uint32_t)) };
        uint64_t bytes = 0;
        for (int i = 0; i < reader_count; i++) {
            const histogram *one = &readers[i].time[k];
            for (int b = 0; b <= BUCKETS; b++) together.bucket[b] += one->bucket[b];
            together.count += one->count;
            if (one->top > together.top) together.top = one->top;
            bytes += readers[i].bytes[k];
        }
        printf("%s_p50_ms=%.2f %s_p99_ms=%.2f %s_max_ms=%.2f %s_kb=%.1f %s_count=%lu ", kinds[k], percentile(&together, .5), kinds[k],
            percentile(&together, .99), kinds[k], together.top / 1e6, kinds[k], together.count ? bytes / 1024.0 / together.count : 0,
            kinds[k], together.count);
        all += together.count;
        free(together.bucket);
    }
    for (int i = 0; i < reader_count; i++) violations += readers[i].violations;
    printf("pages_per_s=%.0f violations=%lu", all / seconds, violations);

}

int main(int n, char **v) {
    read_options(n, v);
    read_asks();
    reader *readers = calloc(reader_count, sizeof *readers);
    uint64_t begin = now();
    double cpu = pid ? cpu_of(pid, 0) : 0;
    from = begin + warm * 1e9;
    end = from + seconds * 1e9;
    for (int i = 0; i < reader_count; i++) {
        reader *r = readers + i;
        r->number = i;
        r->fd = connect_to();
        for (int k = 0; k < kind_count; k++) r->time[k].bucket = calloc(BUCKETS + 1, sizeof(uint32_t));
        if (pthread_create(&r->thread, 0, read_on, r)) die("no thread");
    }
    for (int i = 0; i < reader_count; i++) pthread_join(readers[i].thread, 0);

    double s = (now() - begin) / 1e9;
    report(readers);
    if (pid) printf(" srv_cpu=%.2f rss_mb=%.1f anon_mb=%.1f", (cpu_of(pid, 0) - cpu) / s, rss_of(pid), memory_of(pid, "RssAnon:"));
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf(" gen_cpu=%.2f\n", (used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6) / s);
    return 0;
}
