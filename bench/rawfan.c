// rawfan: the floor. A WebSocket broadcaster, one thread on one epoll, that does nothing but unmask a text frame, wrap it in the
// original's JSON and send it to every open socket; frames that arrive in one round are sent together. It checks nothing, knows
// nobody and stores nothing: what a real server can come near to, never below.
// gcc -O2 -o rawfan rawfan.c -lcrypto ; rawfan PORT [lose|double|swap]
// With a fault it does so to every 50th frame, to show that the load tool notices.
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

typedef struct {
    int fd, up, length, slot;
    uint8_t in[4096], *out;
    int out_length, out_room;
} conn;

static conn **members;
static int member_count, member_room, poll_fd, batched;
static uint8_t batch[ROUND + 3 * FRAME];
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

static void send_round(void) {
    for (int i = 0; i < member_count && batched; i++) send_to(members[i], batch, batched);
    batched = 0;
}

static void forget(conn *c) {
    close(c->fd);
    if (c->up) {
        members[c->slot] = members[--member_count];
        members[c->slot]->slot = c->slot;
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
    c->up = 1;
    c->length = 0;
    if (member_count == member_room) members = realloc(members, (member_room = member_room ? member_room * 2 : 1024) * sizeof *members);
    members[c->slot = member_count++] = c;
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
    static uint8_t held[FRAME + 4];
    static int count, held_length;
    uint8_t *frame = batch + batched;
    int length = make_frame(frame, c->fd, text, n);
    int faulty = *fault && ++count % FAULTY == 0;
    if (faulty && *fault == 'l') return;
    if (faulty && *fault == 's') {
        memcpy(held, frame, held_length = length);
        return;
    }
    batched += length;
    if (faulty) memcpy(batch + batched, frame, length), batched += length;
    if (held_length) memcpy(batch + batched, held, held_length), batched += held_length, held_length = 0;
    if (batched > ROUND) send_round();
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
    if (n < 2) return fprintf(stderr, "rawfan PORT [lose|double|swap]\n"), 2;
    if (n > 2) fault = v[2];
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
