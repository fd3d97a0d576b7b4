// disk: what one durable write costs on the disk under a folder: 4 KB written over a file that is there already, as SQLite's
// log is used again and again, then fdatasync.
// gcc -O2 -o disk disk.c ; disk FOLDER [SECONDS]
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4000, MOST = 1000000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b) {
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void write_page(int fd, int i) {
    static char page[PAGE];
    memset(page, i, PAGE);
    if (pwrite(fd, page, PAGE, (off_t)(i % PAGES) * PAGE) != PAGE) {
        perror("write");
        exit(1);
    }
}

int main(int n, char **v) {
    if (n < 2) return fprintf(stderr, "disk FOLDER [SECONDS]\n"), 2;
    double seconds = n > 2 ? atof(v[2]) : 2;
    char file[4096];
    snprintf(file, sizeof file, "%s/disk.XXXXXX", v[1]);
    int fd = mkstemp(file);
    if (fd < 0) return perror(file), 1;
    unlink(file);
    for (int i = 0; i < PAGES; i++) write_page(fd, i);
    fsync(fd);

    double *took = malloc(MOST * sizeof *took), end = now() + seconds;
    int k = 0;
    for (; now() < end && k < MOST; k++) {
        double begin = now();
        write_page(fd, k);
        if (fdatasync(fd)) return perror("fdatasync"), 1;
        took[k] = now() - begin;
    }
    qsort(took, k, sizeof *took, by_size);
    printf("syncs_per_s=%.0f fdatasync_p50_ms=%.3f fdatasync_p99_ms=%.3f\n", k / seconds, took[k / 2] * 1e3, took[k * 99 / 100] * 1e3);
    return 0;
}
