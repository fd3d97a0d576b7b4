// Connections come, all at once or so many at a time, and are cut off.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

enum { PORTS = 20000 /* an address has about 28,000 */, SMALL = 4096 /* bytes that the kernel holds for whoever reads nothing */ };

typedef struct {
    int came, failed;
    double seconds, cpu;
    uint64_t overflows;
} arrival;

static int request_of(const conn *c, char *text, int space) {
    char where[512];
    snprintf(where, sizeof where, path, number_of(c) + base);
    const char *header = line_for(headers, header_count, number_of(c));
    return snprintf(text, space,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s%s\r\n",
        where, host, port, extra ? extra : "", extra ? "\r\n" : "", header ? header : "", header ? "\r\n" : "");
}

static int new_socket(int flags) {
    static int opened;
    int fd = socket(AF_INET, SOCK_STREAM | flags, 0), one = 1;
    if (fd < 0) die("socket: %s (ulimit -n?)", strerror(errno));
    if (++opened > PORTS) {
        struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001 + opened / PORTS) };
        bind(fd, (void *)&from, sizeof from);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static struct sockaddr_in server_address(void) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, host, &to.sin_addr);
    return to;
}

// Nobody waits for a connection to be made: whoever stands in the listener's queue keeps no other from coming.
static void connect_one(conn *c) {
    if (!c->came++) c->heard = calloc(per_room, sizeof *c->heard);
    c->fd = new_socket(SOCK_NONBLOCK);
    c->up = c->ready = c->part_length = c->out_length = c->skip = 0;
    int few = SMALL;
    if (number_of(c) >= sockets - stuck) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
    struct sockaddr_in to = server_address();
    if (connect(c->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) die("connect: %s", strerror(errno));

    char request[8192];
    queue_out(c, request, request_of(c, request, sizeof request));
    struct epoll_event e = { .events = EPOLLIN | EPOLLOUT, .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &e);
}

static void wait_for(double s) {
    uint64_t end = now() + s * 1e9;
    for (uint64_t t; (t = now()) < end;) pump((end - t) / 1000000 < 10 ? 1 : 10);
}

// All but the first so many, which are there.
static arrival connect_all(int from) {
    double cpu = pid ? cpu_of(pid, 0) : 0;
    uint64_t begin = now(), overflows = queue_overflows();
    for (int opened = from; ready + failed < sockets && now() - begin < 120000000000ull;) {
        for (int b = 0; b < 64 && opened < sockets && opened - ready - failed < flight; b++) connect_one(all + opened++);
        pump(opened < sockets ? 0 : 50);
    }
    return (arrival){
        ready - from, sockets - ready, (now() - begin) / 1e9, pid ? cpu_of(pid, 0) - cpu : 0, queue_overflows() - overflows,
    };
}

static void tell_arrival(arrival a, const char *format) {
    printf(format, a.came, a.failed, a.seconds, a.came / a.seconds, a.cpu * 1e6 / (a.came ? a.came : 1), a.overflows);
}

// As a network that breaks: no word of goodbye.
static void cut(conn *c) {
    drop(c);
    failed--;
}
