-- Certificates by ACME (RFC 8555), here so that all nodes show the same one, and any of them answers the authority.

-- Our account with each authority: a private key in PEM.
CREATE TABLE acme_accounts (
    directory TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL
);

-- key and chain: PEM. challenge: what proves that the host is ours, in hex, while the authority may come to look.
-- failures, not_before, reason: attempts in a row that gave nothing, when the next may begin, and why the last gave nothing.
CREATE TABLE certificates (
    directory TEXT NOT NULL,
    host TEXT NOT NULL,
    key TEXT,
    chain TEXT,
    challenge TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (directory, host)
);
