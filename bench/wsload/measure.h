// Clocks, histograms, and what the kernel knows of a process.
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = 200000 /* of 10 us: up to 2 s */ };

typedef struct {
    uint32_t *bucket;
    uint64_t count, top;
} histogram;

// Least squares over samples, and how far they rose above the first.
typedef struct {
    double n, x, y, xx, xy, first, most;
} trend;

static void die(const char *why, ...) {
    va_list args;
    va_start(args, why);
    vfprintf(stderr, why, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void count(histogram *h, uint64_t ns) {
    uint64_t b = ns / 10000;
    h->bucket[b < BUCKETS ? b : BUCKETS]++;
    h->count++;
    if (ns > h->top) h->top = ns;
}

static double percentile(const histogram *h, double q) { // ms
    uint64_t below = 0;
    for (int i = 0; i <= BUCKETS && h->count; i++)
        if ((below += h->bucket[i]) >= q * h->count) return i / 100.0;
    return 0;
}

static void sample(trend *t, double x, double y) {
    if (!t->n) t->first = t->most = y;
    if (y > t->most) t->most = y;
    t->n++, t->x += x, t->y += y, t->xx += x * x, t->xy += x * y;
}

static double slope(const trend *t) {
    double d = t->n * t->xx - t->x * t->x;
    return t->n > 1 && d > 0 ? (t->n * t->xy - t->x * t->y) / d : 0;
}

// How often a listener's queue had no room for whoever came, on the whole machine: the client tries again after a second.
static uint64_t queue_overflows(void) {
    char names[8192], values[8192], *name, *value, *rest_of_names, *rest_of_values;
    FILE *f = fopen("/proc/net/netstat", "r");
    if (!f) return 0;
    uint64_t n = 0;
    if (fgets(names, sizeof names, f) && fgets(values, sizeof values, f))
        for (name = strtok_r(names, " \n", &rest_of_names), value = strtok_r(values, " \n", &rest_of_values); name && value;
             name = strtok_r(0, " \n", &rest_of_names), value = strtok_r(0, " \n", &rest_of_values))
            if (!strcmp(name, "ListenOverflows")) n = strtoul(value, 0, 10);
    fclose(f);
    return n;
}

static double cpu_of(long p, double *system) { // seconds
    char file[64], text[1024];
    snprintf(file, sizeof file, "/proc/%ld/stat", p);
    int fd = open(file, O_RDONLY);
    int n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    unsigned long user = 0, kernel = 0;
    sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    double hz = sysconf(_SC_CLK_TCK);
    if (system) *system = kernel / hz;
    return (user + kernel) / hz;
}

static double memory_of(long p, const char *what) { // MB; what: as /proc/PID/status names it, with the colon
    char file[64], line[256];
    double mb = 0;
    snprintf(file, sizeof file, "/proc/%ld/status", p);
    FILE *f = fopen(file, "r");
    if (!f) return 0;
    while (fgets(line, sizeof line, f))
        if (!strncmp(line, what, strlen(what))) mb = atof(line + strlen(what)) / 1024;
    fclose(f);
    return mb;
}

static double rss_of(long p) {
    return memory_of(p, "VmRSS:");
}
