// rawfan: the floor. A WebSocket broadcaster, one thread on one epoll, that does nothing but unmask a text frame, wrap it in the
// original's JSON and send it to every open socket of its room; frames that arrive in one round are sent together. It checks
// nothing, knows nobody and stores nothing: what a real server can come near to, never below.
// gcc -O2 -o rawfan rawfan.c -lcrypto ; rawfan PORT [ROOMS [lose|double|swap|stray]]
// Who asks for the path .../N is in room (N - 1) modulo ROOMS. With a fault it does so to every 50th frame, stray: tells it in the
// next room, to show that the load tool notices.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FAULTY = 50, ROUND = 60000 /* bytes that are sent together at most */, FRAME = 5000 };

typedef struct conn conn;

typedef struct {
    conn **members;
    int count, space, listed; // listed: among those talking
    uint8_t *batch, *held; // what goes out in this round; what is held back to come too late
    int batched, held_length;
} room;

struct conn {
    int fd, up, length, slot;
    room *in_room;
    uint8_t in[4096], *out;
    int out_length, out_room;
};

static room *rooms, **talking; // talking: those with something to send in this round
static int room_count = 1, talking_count, poll_fd;
static const char *fault = "";

static void watch(conn *c, int writable) {
    struct epoll_event e = { .events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void send_to(conn *c, const uint8_t *p, int n) {
    if (!c->out_length) {
        ssize_t k = send(c->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (k == n) return;
        if (k > 0) p += k, n -= k;
        watch(c, 1);
    }
    if (c->out_length + n > c->out_room) c->out = realloc(c->out, c->out_room = (c->out_length + n) * 2);
    memcpy(c->out + c->out_length, p, n);
    c->out_length += n;
}

static void send_rest(conn *c) {
    ssize_t k = send(c->fd, c->out, c->out_length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (k > 0) memmove(c->out, c->out + k, c->out_length -= k);
    if (!c->out_length) watch(c, 0);
}

static void send_batch(room *r) {
    for (int i = 0; i < r->count && r->batched; i++) send_to(r->members[i], r->batch, r->batched);
    r->batched = 0;
}

static void send_round(void) {
    for (int i = 0; i < talking_count; i++) send_batch(talking[i]), talking[i]->listed = 0;
    talking_count = 0;
}

static void forget(conn *c) {
    close(c->fd);
    if (c->up) {
        room *r = c->in_room;
        r->members[c->slot] = r->members[--r->count];
        r->members[c->slot]->slot = c->slot;
    }
    free(c->out);
    free(c);
}

static void accept_all(int listener) {
    for (int fd; (fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        conn *c = calloc(1, sizeof *c);
        c->fd = fd;
        struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

static void enter(conn *c) {
    const char *end = memmem(c->in, c->length, " HTTP/1.1", 9), *number = end;
    while (number && number[-1] >= '0' && number[-1] <= '9') number--;
    int n = number == end ? 1 : atoi(number);
    room *r = c->in_room = rooms + (n > 0 ? n - 1 : 0) % room_count;
    if (r->count == r->space) r->members = realloc(r->members, (r->space = r->space ? r->space * 2 : 8) * sizeof *r->members);
    r->members[c->slot = r->count++] = c;
}

static void upgrade(conn *c) {
    const char *key = memmem(c->in, c->length, "Sec-WebSocket-Key: ", 19);
    if (!memmem(c->in, c->length, "\r\n\r\n", 4) || !key) return;
    char salted[61], accept[40], answer[256];
    uint8_t digest[20];
    memcpy(salted, key + 19, 24);
    memcpy(salted + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 37);
    SHA1((uint8_t *)salted, 60, digest);
    EVP_EncodeBlock((uint8_t *)accept, digest, 20);
    int n = sprintf(answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    send_to(c, (uint8_t *)answer, n);
    enter(c);
    c->up = 1;
    c->length = 0;
}

static int make_frame(uint8_t *frame, int fd, const uint8_t *text, int n) {
    char json[FRAME];
    int k = sprintf(json,
        "{\"type\":\"Chat\",\"userId\":%d,\"username\":\"user%d\",\"content\":\"%.*s\",\"timestamp\":\"2025-08-28T12:34:56Z\",\"color\":\"#FF6B6B\"}",
        fd, fd, n, text), h = 2;
    frame[0] = 0x81;
    if (k < 126) {
        frame[1] = k;
    } else {
        frame[1] = 126, frame[2] = k >> 8, frame[3] = k;
        h = 4;
    }
    memcpy(frame + h, json, k);
    return h + k;
}

static void broadcast(conn *c, const uint8_t *text, int n) {
    static int count;
    int faulty = *fault && ++count % FAULTY == 0;
    room *r = c->in_room;
    if (faulty && !strcmp(fault, "stray")) r = rooms + (r - rooms + 1) % room_count;
    if (!r->batch) r->batch = malloc(ROUND + 3 * FRAME);
    if (!r->listed) r->listed = 1, talking[talking_count++] = r;
    uint8_t *frame = r->batch + r->batched;
    int length = make_frame(frame, c->fd, text, n);
    if (faulty && !strcmp(fault, "lose")) return;
    if (faulty && !strcmp(fault, "swap")) {
        if (!r->held) r->held = malloc(FRAME + 4);
        memcpy(r->held, frame, r->held_length = length);
        return;
    }
    r->batched += length;
    if (faulty && !strcmp(fault, "double")) memcpy(r->batch + r->batched, frame, length), r->batched += length;
    if (r->held_length) memcpy(r->batch + r->batched, r->held, r->held_length), r->batched += r->held_length, r->held_length = 0;
    if (r->batched > ROUND) send_batch(r);
}

static void take_frames(conn *c) {
    int used = 0;
    for (;;) {
        uint8_t *p = c->in + used;
        int left = c->length - used, h = 2;
        if (left < 6) break;
        int n = p[1] & 127;
        if (n == 126) {
            if (left < 8) break;
            n = p[2] << 8 | p[3];
            h = 4;
        }
        if (left < h + 4 + n) break;
        uint8_t *key = p + h, *text = key + 4;
        for (int i = 0; i < n; i++) text[i] ^= key[i & 3];
        if ((p[0] & 15) == 1) broadcast(c, text, n);
        used += h + 4 + n;
    }
    memmove(c->in, c->in + used, c->length -= used);
}

static void feed(conn *c) {
    ssize_t n = recv(c->fd, c->in + c->length, sizeof c->in - c->length, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        forget(c);
        return;
    }
    c->length += n;
    if (c->up) take_frames(c);
    else upgrade(c);
}

int main(int n, char **v) {
    if (n < 2) return fprintf(stderr, "rawfan PORT [ROOMS [lose|double|swap|stray]]\n"), 2;
    if (n > 2 && atoi(v[2]) > 0) room_count = atoi(v[2]);
    if (n > 3) fault = v[3];
    rooms = calloc(room_count, sizeof *rooms);
    talking = calloc(room_count, sizeof *talking);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(atoi(v[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(listener, (void *)&here, sizeof here)) return perror("bind"), 1;
    listen(listener, 4096);
    poll_fd = epoll_create1(0);
    struct epoll_event e = { .events = EPOLLIN };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &e);

    for (;;) {
        static struct epoll_event events[1024];
        int k = epoll_wait(poll_fd, events, 1024, -1);
        for (int i = 0; i < k; i++) {
            conn *c = events[i].data.ptr;
            if (!c) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) send_rest(c);
            if (events[i].events & ~EPOLLOUT) feed(c);
        }
        send_round();
    }
}
