// What people do beside talking: they are seen writing, go and come back, and read what was said.
static int *gone, gone_count; // numbers of those who are away
static uint64_t typings, returns;

static int lives_a_day(void) { return typing_rate || read_rate || churn_rate || change_rate; }

static void type_something(conn *c) {
    char text[64];
    if (c->ready) send_frame(c, 1, text, sprintf(text, "{\"type\":\"typing\",\"roomId\":%d}", room_of(c)));
}

static void leave(conn *c, uint64_t t) {
    if (!c->ready) return;
    cut(c);
    c->back_at = t + 2 * away * 1e9 * (rand() / (RAND_MAX + 1.0));
    c->afresh = !resume || rand() % 10 == 0;
    gone[gone_count++] = number_of(c);
}

static void come_back(uint64_t t) {
    for (int i = 0; i < gone_count; i++) {
        conn *c = all + gone[i];
        if (c->back_at > t) continue;
        gone[i--] = gone[--gone_count];
        connect_one(c);
        returns++;
    }
}

// What is due by now.
static void live(uint64_t begin, uint64_t t) {
    static uint64_t cuts;
    double s = (t - begin) / 1e9;
    if (!gone) gone = malloc(sockets * sizeof *gone);
    for (; typings < s * typing_rate; typings++) type_something(all + rand() % sockets);
    for (; cuts < s * churn_rate; cuts++) leave(all + rand() % sockets, t);
    come_back(t);
    if (read_rate || change_rate) read_pages(begin, t);
}

static void end_day(uint64_t begin) {
    come_back(UINT64_MAX);
    uint64_t end = now() + drain * 1e9;
    while (ready < sockets && now() < end) wait_for(0.02);
    for (int busy = 1; busy && (read_rate || change_rate) && now() < end; wait_for(0.001)) {
        read_pages(begin, now());
        busy = 0;
        for (int i = 0; i < READERS; i++) busy |= readers[i].asked_at != 0;
    }
}
