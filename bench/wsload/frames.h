// Sockets that speak WebSocket: frames out, frames in, one epoll for all.
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { READ = 65536, PART = 320 * 1024 /* more than a replay may have */, MOST_SIZE = 16000 };

typedef struct {
    int fd, up, ready, sender;
    int stuck;               // it reads no more
    int came;                // how often it has connected
    int afresh;              // it came back with nothing, and what it missed is not told again
    int unanswered;          // messages of its own that it waits for: heard again, or acknowledged
    uint32_t next;           // the number of its next message
    uint64_t *sent_at;       // ns, by number; 0 once acknowledged
    uint32_t *heard;         // by sender in its room: the number that must come next; see AFRESH
    uint32_t untimed;        // its messages below this number may have waited for its return
    uint64_t rev;            // of its room, as last heard
    uint64_t replayed;       // up to which revision it was told again what it had missed
    uint64_t back_at;        // ns: when it comes back
    uint8_t *part;           // the beginning of a frame whose end has not come
    int part_length;
    uint64_t skip;           // bytes of a large frame that are not looked at
    uint8_t *out;            // what the socket did not take yet
    int out_length, out_room;
} conn;

static int poll_fd, alive, ready, failed;
static uint64_t dropped, frames_heard, bytes_heard, stuck_since, stuck_closed, stuck_ns;

// The socket was upgraded; a text frame came, of which p holds the first PART - 16 bytes at most.
static void greet(conn *c);
static void take_text(conn *c, const uint8_t *p, int n);

static void drop(conn *c) {
    if (c->fd < 0) return;
    close(c->fd);
    c->fd = -1;
    if (c->up) alive--;
    if (c->ready) ready--;
    failed++;
}

// The other side ended it.
static void lose(conn *c) {
    static int told;
    if (!c->up && told++ < 3) fprintf(stderr, "ended before it was upgraded: %s\n", strerror(errno));
    if (c->stuck) stuck_closed++, stuck_ns += now() - stuck_since;
    else dropped += c->up;
    drop(c);
}

static void watch(conn *c, int writable) {
    struct epoll_event e = { .events = (c->stuck ? EPOLLRDHUP : EPOLLIN) | (writable ? EPOLLOUT : 0), .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void queue_out(conn *c, const void *p, int n) {
    if (c->out_length + n > c->out_room) c->out = realloc(c->out, c->out_room = (c->out_length + n) * 2);
    memcpy(c->out + c->out_length, p, n);
    c->out_length += n;
}

static void flush_out(conn *c) {
    int watched = c->out_length > 0;
    while (c->out_length) {
        ssize_t n = send(c->fd, c->out, c->out_length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0) {
            if (n < 0 && errno == EAGAIN) watch(c, 1);
            else lose(c);
            return;
        }
        memmove(c->out, c->out + n, c->out_length - n);
        c->out_length -= n;
    }
    if (watched) watch(c, 0);
}

static void send_frame(conn *c, int opcode, const char *p, int n) {
    static const uint8_t key[4] = { 0x12, 0x34, 0x56, 0x78 };
    static uint8_t frame[MOST_SIZE * 2 + 16];
    if (c->fd < 0) return;
    if (n > MOST_SIZE * 2) die("a frame of %d bytes", n);
    int h = 2;
    frame[0] = 0x80 | opcode;
    if (n < 126) {
        frame[1] = 0x80 | n;
    } else {
        frame[1] = 0x80 | 126, frame[2] = n >> 8, frame[3] = n;
        h = 4;
    }
    memcpy(frame + h, key, 4);
    h += 4;
    for (int i = 0; i < n; i++) frame[h + i] = p[i] ^ key[i & 3];
    n += h;

    int taken = 0;
    if (!c->out_length) {
        ssize_t k = send(c->fd, frame, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (k == n) return;
        if (k < 0 && errno != EAGAIN) {
            lose(c);
            return;
        }
        taken = k > 0 ? k : 0;
        watch(c, 1);
    }
    queue_out(c, frame + taken, n - taken);
}

static int begins(const uint8_t *p, int n, const char *with) {
    int k = strlen(with);
    return n >= k && !memcmp(p, with, k);
}

static void take_close(conn *c, const uint8_t *p, int n) {
    static int told;
    if (told++ < 3) fprintf(stderr, "closed by server: %d %.*s\n", n >= 2 ? p[0] << 8 | p[1] : 0, n > 2 ? n - 2 : 0, p + 2);
    lose(c);
}

// How many bytes of p were used; the rest is the beginning of a frame.
static int take(conn *c, const uint8_t *p, int n) {
    int used = 0;
    if (!c->up) {
        const uint8_t *end = memmem(p, n, "\r\n\r\n", 4);
        if (!end) return 0;
        if (!begins(p, n, "HTTP/1.1 101")) {
            static int told;
            if (!told++) fprintf(stderr, "not upgraded: %.*s\n", n > 400 ? 400 : n, p);
            drop(c);
            return n;
        }
        used = end + 4 - p;
        c->up = 1;
        alive++;
        greet(c);
    }
    while (c->fd >= 0) {
        if (c->skip) {
            uint64_t k = (uint64_t)(n - used) < c->skip ? (uint64_t)(n - used) : c->skip;
            c->skip -= k;
            used += k;
        }
        const uint8_t *f = p + used;
        int left = n - used, h = 2;
        if (left < 2) return used;
        uint64_t length = f[1] & 127;
        if (length == 126) {
            h = 4;
            if (left < h) return used;
            length = f[2] << 8 | f[3];
        } else if (length == 127) {
            h = 10;
            if (left < h) return used;
            length = 0;
            for (int i = 2; i < 10; i++) length = length << 8 | f[i];
        }
        uint64_t looked_at = length < PART - 16 ? length : PART - 16;
        if ((uint64_t)left < h + looked_at) return used;
        switch (f[0] & 15) {
            case 0: case 1: case 2: frames_heard++, take_text(c, f + h, looked_at); break;
            case 8: take_close(c, f + h, looked_at); break;
            case 9: send_frame(c, 10, (const char *)f + h, looked_at); break;
        }
        used += h + looked_at;
        c->skip = length - looked_at;
    }
    return n;
}

static void feed(conn *c) {
    static uint8_t bytes[PART + READ];
    for (;;) {
        int kept = c->part_length;
        memcpy(bytes, c->part, kept);
        errno = 0;
        ssize_t n = recv(c->fd, bytes + kept, READ, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            lose(c);
            return;
        }
        bytes_heard += n;
        int used = take(c, bytes, kept + n);
        if (c->fd < 0) return;
        int rest = kept + n - used;
        if (rest > PART) die("a frame without an end");
        if (rest) {
            c->part = realloc(c->part, rest);
            memcpy(c->part, bytes + used, rest);
        } else {
            free(c->part);
            c->part = 0;
        }
        c->part_length = rest;
        if (n < READ) return;
    }
}

static void pump(int ms) {
    static struct epoll_event events[4096];
    int n = epoll_wait(poll_fd, events, 4096, ms);
    for (int i = 0; i < n; i++) {
        conn *c = events[i].data.ptr;
        if (c->fd >= 0 && events[i].events & EPOLLOUT) flush_out(c);
        if (c->fd < 0 || !(events[i].events & ~EPOLLOUT)) continue;
        if (c->stuck) lose(c);
        else feed(c);
    }
}
