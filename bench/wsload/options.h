// What the load tool is told: bench/README.md says what each option means.
static const char *host = "127.0.0.1", *path = "/api/ws/%d", *content_template = "%s", *header_file, *hello_file, *extra, *pong,
    *ping_text = "{\"type\":\"ping\"", *ready_text;
static int sockets = 100, port = 8080, base = 1, senders = 1, window = 1, size = 64, hold, storm, rooms = 1, room_base = 1, flight = 512,
    acks, loop_acked, resume, missed, stuck, origin;
static double rate, seconds = 5, warm = 1, settle = 1, drain = 10, typing_rate, read_rate, churn_rate, change_rate, away = 6;
static long pid;

static char **headers, **hellos;
static int header_count, hello_count, per_room;

static char **lines_of(const char *file, int *n) {
    FILE *f = fopen(file, "r");
    char **lines = 0, *line = 0;
    size_t space = 0;
    if (!f) die("%s: %s", file, strerror(errno));
    for (ssize_t k; (k = getline(&line, &space, f)) > 0;) {
        line[strcspn(line, "\r\n")] = 0;
        lines = realloc(lines, (*n + 1) * sizeof *lines);
        lines[(*n)++] = strdup(line);
    }
    fclose(f);
    return lines;
}

static const char *line_for(char **lines, int count, int i) {
    return count ? lines[i < count ? i : count - 1] : 0;
}

static void check_options(void) {
    if (sockets < 1 || rooms < 1 || senders < 1 || window < 1 || flight < 1) die("--n, --rooms, --senders, --window, --flight: 1 or more");
    if (size > MOST_SIZE) die("--size: %d at most", MOST_SIZE);
    if (origin < 0 || origin > 7) die("--origin: 0 to 7");
    if (loop_acked && !acks) die("--loop-acked needs --acks 1");
    if (missed && !resume) die("--missed needs --resume 1");
    if ((typing_rate || read_rate || churn_rate || change_rate) && !(rate && acks))
        die("--typing-rate, --read-rate, --churn-rate, --change-rate: with --rate and --acks");
    if (senders > sockets) senders = sockets;
    if (stuck > sockets - senders) die("--stuck: whoever reads nothing says nothing");
    per_room = (senders + rooms - 1) / rooms;
}

static void read_options(int n, char **v) {
    const struct { const char *name; char kind; void *value; } known[] = {
        { "--host", 's', &host }, { "--port", 'i', &port }, { "--path", 's', &path }, { "--base", 'i', &base },
        { "--n", 'i', &sockets }, { "--flight", 'i', &flight }, { "--headers", 's', &header_file }, { "--extra", 's', &extra },
        { "--hello", 's', &hello_file }, { "--ready", 's', &ready_text }, { "--pong", 's', &pong }, { "--acks", 'i', &acks },
        { "--ping", 's', &ping_text },
        { "--tmpl", 's', &content_template }, { "--rooms", 'i', &rooms }, { "--room-base", 'i', &room_base },
        { "--senders", 'i', &senders }, { "--window", 'i', &window }, { "--loop-acked", 'i', &loop_acked }, { "--rate", 'd', &rate },
        { "--size", 'i', &size }, { "--origin", 'i', &origin }, { "--settle", 'd', &settle }, { "--warm", 'd', &warm }, { "--secs", 'd', &seconds },
        { "--drain", 'd', &drain }, { "--hold", 'i', &hold }, { "--storm", 'i', &storm }, { "--resume", 'i', &resume },
        { "--missed", 'i', &missed }, { "--stuck", 'i', &stuck }, { "--typing-rate", 'd', &typing_rate },
        { "--read-rate", 'd', &read_rate }, { "--churn-rate", 'd', &churn_rate }, { "--change-rate", 'd', &change_rate }, { "--away", 'd', &away }, { "--pid", 'l', &pid },
    };
    for (int i = 1; i < n; i += 2) {
        unsigned k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k].name, v[i])) k++;
        if (k == sizeof known / sizeof *known) die("what is %s?", v[i]);
        if (i + 1 == n) die("%s needs a value", v[i]);
        switch (known[k].kind) {
            case 's': *(const char **)known[k].value = v[i + 1]; break;
            case 'i': *(int *)known[k].value = atoi(v[i + 1]); break;
            case 'l': *(long *)known[k].value = atol(v[i + 1]); break;
            case 'd': *(double *)known[k].value = atof(v[i + 1]); break;
        }
    }
    check_options();
    if (header_file) headers = lines_of(header_file, &header_count);
    if (hello_file) hellos = lines_of(hello_file, &hello_count);
}
