-- What people are asked to decide. Everything but the sheets is derived from reviewEvent, for lists and
-- searches only.
CREATE TABLE reviewItem (
    id TEXT PRIMARY KEY NOT NULL,
    -- Counts what was submitted.
    number INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    run TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    -- Names the question within everything that was ever asked: the same question is asked once.
    key TEXT NOT NULL UNIQUE,
    claim TEXT NOT NULL,
    contentHash TEXT NOT NULL,
    raters INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'deferred', 'escalated', 'approved', 'edited', 'rejected', 'expired')
    ),
    -- Milliseconds since 1970, as all times here.
    submittedAt INTEGER NOT NULL,
    expiresAt INTEGER,
    appliedAt INTEGER,
    -- Whether it was planted to test those who decide.
    isControl INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX reviewItemByState ON reviewItem (state, number);
CREATE INDEX reviewItemByRun ON reviewItem (run, number);

-- What is shown, and what is hidden until one has decided. Both are canonical JSON.
CREATE TABLE reviewSheet (
    item TEXT PRIMARY KEY NOT NULL REFERENCES reviewItem (id),
    content TEXT NOT NULL,
    hidden TEXT NOT NULL
) WITHOUT ROWID;

-- Who is looking at what, and until when nobody else takes it. A lock, not a record.
CREATE TABLE reviewClaim (
    item TEXT NOT NULL REFERENCES reviewItem (id),
    rater TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (item, rater)
) WITHOUT ROWID;

-- What each rater did last on each item that leaves them nothing to decide: a vote, or asking for another.
CREATE TABLE reviewVote (
    item TEXT NOT NULL REFERENCES reviewItem (id),
    rater TEXT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (item, rater)
) WITHOUT ROWID;

CREATE INDEX reviewVoteByRater ON reviewVote (rater, item);

-- Append-only; each row's hash covers its content and the hash before it.
CREATE TABLE reviewEvent (
    sequence INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE INDEX reviewEventByItem ON reviewEvent (item, sequence);
