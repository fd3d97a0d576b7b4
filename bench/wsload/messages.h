// What is said and what must be heard: each message of each sender in a room, once, in the sender's order, by everybody there.
enum {
    CONTENT = 36,
    AFRESH = 1u << 31 // in conn.heard: messages before that number may still be heard, from one of them on without a gap
};

static conn *all;
static int recording; // 1: what happens is counted; -1: nothing new is said
static uint64_t deliveries, sent, own, sent_in_all, acked, acked_in_all, missing, doubled, refused, strange, repeated, typing_heard,
    presence_heard, foreign;
static histogram delivery_time, ack_time;

static int number_of(const conn *c) { return c - all; }
static int room_of(const conn *c) { return number_of(c) % rooms + room_base; }

static void wonder(const char *what, const uint8_t *p, int n) {
    static int told;
    strange++;
    if (told++ < 3) fprintf(stderr, "%s: %.*s\n", what, n > 400 ? 400 : n, p);
}

// Says a message, or says it again: the same number is the same message.
static void post(conn *c, unsigned number, uint64_t at) {
    static char content[MOST_SIZE + 1], text[MOST_SIZE * 2];
    int id = number_of(c), n = sprintf(content, "T%016lxS%08xQ%08x.", (unsigned long)at, id | (unsigned)origin << 28, number);
    if (n < size) memset(content + n, 'x', size - n), n = size;

    char *o = text;
    for (const char *t = content_template; *t; t++) {
        if (o - text > MOST_SIZE) die("a template that long");
        if (t[0] != '%' || !strchr("sdu", t[1]) || !t[1]) *o++ = *t;
        else if (*++t == 's') memcpy(o, content, n), o += n;
        else if (*t == 'd') o += sprintf(o, "%d", room_of(c));
        else o += sprintf(o, "%012lx%08x%08x", (unsigned long)(at / 1000000), number, id); // said again it is the same
    }
    send_frame(c, 1, text, o - text);
}

// A message of a room that will be given other forms, once everybody has heard it: also those who were away.
typedef struct {
    long seq; // 0: none yet
    uint64_t at, acked_at;
    uint32_t sender, number;
    int changes;
} said;

static said *to_change;
static uint64_t revisions_heard;

// Whether the message around a content has another form than its first: then more follows the time at which it was said.
static int is_revised(const uint8_t *q, const uint8_t *end) {
    static const char created[] = "\"createdAt\":\"2026-01-01T00:00:00.000Z\"";
    const uint8_t *at = memmem(q, end - q, created, 13);
    return at && at + sizeof created <= end && at[sizeof created - 1] == ',';
}

// at: the moment when it was to be said, so that a late sender does not hide a wait.
static void say(conn *c, uint64_t at) {
    if (!c->ready) return;
    unsigned number = c->next++;
    if (acks) {
        if ((number & (number + 1)) == 0) c->sent_at = realloc(c->sent_at, (number + 1) * 2 * sizeof *c->sent_at);
        c->sent_at[number] = at;
    }
    c->unanswered++;
    sent_in_all++;
    if (recording) sent++;
    post(c, number, at);
}

static void answered(conn *c) {
    c->unanswered--;
    if (!rate && c->sender && recording >= 0)
        while (c->ready && c->unanswered < window) say(c, now());
}

static uint64_t hex(const uint8_t *p, int n) {
    uint64_t v = 0;
    for (; n--; p++) v = v << 4 | (*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10);
    return v;
}

// The next content in the text from p on: T<time>S<sender>Q<number>.
static const uint8_t *content_in(const uint8_t *p, const uint8_t *end) {
    for (end -= CONTENT; p <= end && (p = memchr(p, 'T', end - p + 1)); p++)
        if (p[17] == 'S' && p[26] == 'Q' && p[35] == '.') return p;
    return 0;
}

// live: it came when it was said, and not with what was missed.
static void heard(conn *c, const uint8_t *q, int live) {
    uint64_t at = hex(q + 1, 16);
    uint32_t from = hex(q + 18, 8), s = from & 0xfffffff, number = hex(q + 27, 8);
    if (from >> 28 != (uint32_t)origin) { // another load's, at another node
        foreign++;
        return;
    }
    if (s >= (uint32_t)senders || (int)s % rooms != number_of(c) % rooms) {
        wonder("heard in the wrong room", q, CONTENT);
        return;
    }
    if (recording > 0) {
        deliveries++;
        uint64_t t = now();
        if (live && number >= all[s].untimed) count(&delivery_time, t > at ? t - at : 0);
    }
    uint32_t *expected = &c->heard[s / rooms], must = *expected & ~AFRESH;
    if (number < must && !(*expected & AFRESH)) {
        doubled++; // again, or after a later one
    } else {
        if (number > must) missing += number - must;
        *expected = number + 1;
    }
    if ((int)s != number_of(c)) return;
    if (recording > 0) own++;
    if (!loop_acked) answered(c);
}

static void acknowledged(conn *c, const uint8_t *p, int n) {
    const uint8_t *cid = memmem(p, n, "\"cid\":\"", 7);
    if (!cid || cid + 7 + 28 > p + n || hex(cid + 27, 8) != (uint64_t)number_of(c)) {
        wonder("acknowledged to the wrong sender", p, n);
        return;
    }
    uint32_t number = hex(cid + 19, 8);
    int again = number < c->untimed; // it may have been said twice
    if (number >= c->next || !c->sent_at[number] || (!again && memmem(p, n, "\"duplicate\":true", 16))) {
        doubled++;
        return;
    }
    if (hex(cid + 7, 12) != c->sent_at[number] / 1000000) wonder("acknowledged with another cid", p, n);
    if (recording > 0) {
        acked++;
        uint64_t t = now(), at = c->sent_at[number];
        if (!again) count(&ack_time, t > at ? t - at : 0);
    }
    const uint8_t *seq = memmem(p, n, "\"seq\":", 6);
    said *one = to_change ? to_change + number_of(c) % rooms : 0;
    if (one && !one->seq && seq) *one = (said){ strtol((const char *)seq + 6, 0, 10), c->sent_at[number], now(), number_of(c), number, 0 };
    c->sent_at[number] = 0;
    acked_in_all++;
    if (loop_acked) answered(c);
}

// The first frame: the connection's line, and once it has heard something its room's revision there. With empty hands: nothing.
static int hello_for(const conn *c, char *text, int space) {
    if (c->afresh) return snprintf(text, space, "{\"type\":\"hello\"}");
    const char *line = line_for(hellos, hello_count, number_of(c)), *held = c->rev ? strstr(line, "\"rooms\":") : 0;
    char name[32];
    int k = snprintf(name, sizeof name, "\"%d\":", room_of(c));
    if (!held || !(held = strstr(held, name))) return snprintf(text, space, "%s", line);
    held += k;
    return snprintf(text, space, "%.*s%lu%s", (int)(held - line), line, (unsigned long)c->rev, held + strspn(held, "0123456789"));
}

// It is told from now on, and what it missed either is told again or is not asked for. What it said without an answer it says again.
static void begin_again(conn *c) {
    if (c->afresh || !resume)
        for (int s = number_of(c) % rooms; s < senders; s += rooms) c->heard[s / rooms] = all[s].next | AFRESH;
    c->untimed = c->next;
    c->replayed = 0;
    for (uint32_t i = 0; acks && i < c->next; i++)
        if (c->sent_at[i]) post(c, i, c->sent_at[i]);
}

static void is_ready(conn *c) {
    c->ready = 1;
    ready++;
    if (c->came > 1) begin_again(c);
}

static void greet(conn *c) {
    char hello[4096];
    if (hello_count) send_frame(c, 1, hello, hello_for(c, hello, sizeof hello));
    if (!ready_text) is_ready(c);
}

// Notes the room's revision that it has now. False when the frame is to be dropped: a message that was under way while all that was
// missed was told again may come once more, with a revision that is held.
static int holds_now(conn *c, const uint8_t *p, int n, int replay) {
    const char *name = replay ? "\"complete\":" : "\"rev\":";
    char room[32];
    snprintf(room, sizeof room, "\"roomId\":%d,", room_of(c));
    const uint8_t *at = memmem(p, n > 100 ? 100 : n, name, strlen(name));
    if (!at || !memmem(p, n > 100 ? 100 : n, room, strlen(room))) return 1;
    uint64_t rev = strtoul((const char *)at + strlen(name), 0, 10);
    if (!replay && rev <= c->replayed) return repeated++, 0;
    if (replay) c->replayed = rev;
    if (rev > c->rev) c->rev = rev;
    return 1;
}

// Whether it was a frame of those that clients hear beside messages.
static int took_other(conn *c, const uint8_t *p, int n) {
    if (pong && begins(p, n, ping_text)) send_frame(c, 1, pong, strlen(pong));
    else if (acks && begins(p, n, "{\"type\":\"ack\"")) acknowledged(c, p, n);
    else if (acks && begins(p, n, "{\"type\":\"typing\"")) typing_heard++;
    else if (acks && begins(p, n, "{\"type\":\"presence\"")) presence_heard++;
    else if (acks && begins(p, n, "{\"type\":\"behind\"")) wonder("more was missed than is told again", p, n);
    else if (acks && begins(p, n, "{\"type\":\"refused\"")) {
        if (!refused++) fprintf(stderr, "refused: %.*s\n", n, p);
    } else return 0;
    return 1;
}

static void take_text(conn *c, const uint8_t *p, int n) {
    if (!c->ready && ready_text && memmem(p, n, ready_text, strlen(ready_text))) {
        is_ready(c);
        return;
    }
    if (took_other(c, p, n)) return;
    int replay = resume && begins(p, n, "{\"type\":\"changes\"");
    if (resume && !holds_now(c, p, n, replay)) return;
    const uint8_t *q = p;
    while ((q = content_in(q, p + n))) {
        if (change_rate && is_revised(q, p + n)) revisions_heard++;
        else heard(c, q, !replay);
        if (!replay) return;
        q += CONTENT;
    }
}
