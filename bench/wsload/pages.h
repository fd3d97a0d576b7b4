// Clients that read a room's history and change messages over HTTP, a few kept-alive connections in turn.
enum { READERS = 8, PAGE_ROOM = 1 << 20 };

typedef struct {
    int fd, length;
    const conn *who;
    int changing; // it asked for a message to be changed, not for a page
    uint64_t asked_at; // when it was to ask; 0: it is idle
    char *in;
} reader;

static reader readers[READERS];
static uint64_t pages, page_messages, changes;
static histogram page_time, change_time;

static void open_reader(reader *r) {
    struct sockaddr_in to = server_address();
    r->fd = new_socket(0);
    if (connect(r->fd, (void *)&to, sizeof to)) die("connect: %s", strerror(errno));
    if (!r->in) r->in = malloc(PAGE_ROOM + 1);
}

// The server ends connections that have been idle for long, as any does.
static int has_ended(const reader *r) {
    char byte;
    return recv(r->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void ask(reader *r, const conn *who, uint64_t due, const char *line, const char *body) {
    char request[8192];
    const char *header = line_for(headers, header_count, number_of(who));
    int n = snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: %s:%d\r\n%s%s", line, host, port, header ? header : "", header ? "\r\n" : "");
    n += body ? snprintf(request + n, sizeof request - n, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body)
              : snprintf(request + n, sizeof request - n, "Content-Length: 0\r\n\r\n");
    r->who = who;
    r->length = 0;
    r->asked_at = due;
    if (send(r->fd, request, n, MSG_NOSIGNAL) != n) wonder("a reader could not ask", (const uint8_t *)line, strlen(line));
}

// The newest page of somebody's room, or one from the middle of it.
static void ask_page(reader *r, const conn *who, uint64_t due) {
    char line[128], before[32] = "";
    uint32_t said = 0;
    for (int s = number_of(who) % rooms; s < senders; s += rooms) said += all[s].next;
    if (said && rand() % 2) snprintf(before, sizeof before, "&before=%u", 1 + rand() % said);
    snprintf(line, sizeof line, "GET /api/v1/rooms/%d/messages?limit=50%s", room_of(who), before);
    r->changing = 0;
    ask(r, who, due, line, 0);
}

// Some react to an old message, and then its author puts it into other words. The room's next message is the next one. False: none is old.
static int ask_change(reader *r, uint64_t due, uint64_t t) {
    static int last;
    said *one;
    for (int tries = 0; ; tries++) {
        if (tries == rooms) return 0;
        one = to_change + (last = (last + 1) % rooms);
        if (one->seq && t - one->acked_at > 2 * away * 1e9 + 5e9) break;
    }
    char line[160], body[256];
    int room = one - to_change, edits = one->changes == 3;
    const conn *who = all + (edits ? (int)one->sender : room + rooms * (rand() % (sockets / rooms)));
    snprintf(line, sizeof line, edits ? "PATCH /api/v1/rooms/%d/messages/%ld" : "PUT /api/v1/rooms/%d/messages/%ld/reactions/%%F0%%9F%%91%%8D",
        room + room_base, one->seq);
    snprintf(body, sizeof body, "{\"body\":\"T%016lxS%08xQ%08x. in other words\"}", (unsigned long)one->at, one->sender, one->number);
    r->changing = 1;
    ask(r, who, due, line, edits ? body : 0);
    if (edits) *one = (said){ 0 };
    else one->changes++;
    return 1;
}

// The length of the body, which is moved to the beginning of its chunks; -1 while it is not all there.
static int unchunk(char *body, const char *end) {
    char *to = body, *from = body;
    for (;;) {
        char *line = memmem(from, end - from, "\r\n", 2);
        if (!line) return -1;
        long n = strtol(from, 0, 16);
        if (line + 2 + n + 2 > end) return -1;
        if (!n) return to - body;
        memmove(to, line + 2, n);
        to += n;
        from = line + 2 + n + 2;
    }
}

static int body_of(reader *r, char **body) {
    char *end = r->in + r->length, *head = memmem(r->in, r->length, "\r\n\r\n", 4), *length;
    if (!head) return -1;
    *body = head + 4;
    *head = 0;
    length = strcasestr(r->in, "\r\nContent-Length: ");
    *head = '\r';
    if (length) return end - *body >= atol(length + 18) ? atol(length + 18) : -1;
    // Chunks are moved only when all are there, and the last one is empty.
    return end - *body >= 5 && !memcmp(end - 5, "0\r\n\r\n", 5) ? unchunk(*body, end) : -1;
}

// A page is a part of the room without a hole: so are each sender's messages on it.
static void check_page(const reader *r, const uint8_t *body, int n) {
    static uint32_t *next;
    if (!next) next = malloc(per_room * sizeof *next);
    memset(next, 0xff, per_room * sizeof *next);
    for (const uint8_t *q = body; (q = content_in(q, body + n)); q += CONTENT) {
        uint32_t s = hex(q + 18, 8), number = hex(q + 27, 8);
        if (s >= (uint32_t)senders || (int)s % rooms != number_of(r->who) % rooms) wonder("read in the wrong room", q, CONTENT);
        else if (next[s / rooms] != UINT32_MAX && next[s / rooms] != number) wonder("read out of order", q, CONTENT);
        else next[s / rooms] = number + 1;
        page_messages++;
    }
}

static void take_page(reader *r) {
    ssize_t k = recv(r->fd, r->in + r->length, PAGE_ROOM - r->length, MSG_DONTWAIT);
    if (k < 0 && errno == EAGAIN) return;
    char *body;
    int n = -1;
    if (k > 0) {
        r->length += k;
        r->in[r->length] = 0;
        if ((n = body_of(r, &body)) < 0 && r->length < PAGE_ROOM) return;
    }
    uint64_t t = now();
    if (n < 0 || strncmp(r->in, "HTTP/1.1 200", 12)) {
        wonder("a page could not be read", (uint8_t *)r->in, r->length);
        close(r->fd);
        open_reader(r);
    } else {
        check_page(r, (uint8_t *)body, n);
        uint64_t took = t > r->asked_at ? t - r->asked_at : 0;
        if (recording > 0 && r->changing) changes++, count(&change_time, took);
        else if (recording > 0) pages++, count(&page_time, took);
    }
    r->asked_at = 0;
}

// Asks what is due by now, and takes what has come.
static void read_pages(uint64_t begin, uint64_t t) {
    static uint64_t asked, changed;
    for (int i = 0; i < READERS; i++) {
        reader *r = readers + i;
        if (r->asked_at) take_page(r);
        if (r->asked_at || recording < 0) continue;
        if (r->in && has_ended(r)) close(r->fd), open_reader(r);
        if (!r->in) open_reader(r);
        uint64_t due = begin + asked / read_rate * 1e9, change_due = begin + changed / change_rate * 1e9;
        if (change_rate && change_due <= t) {
            ask_change(r, change_due, t);
            changed++;
        } else if (read_rate && due <= t) ask_page(r, all + rand() % sockets, due), asked++;
    }
}
