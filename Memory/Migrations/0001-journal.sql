-- One campaign of inquiries. The manifest is canonical JSON and decides everything that follows.
CREATE TABLE run (
    id TEXT PRIMARY KEY NOT NULL,
    manifest TEXT NOT NULL,
    manifestHash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'outOfBudget', 'failed', 'finished')),
    createdAt TEXT NOT NULL,
    finishedAt TEXT,
    reportHash TEXT
);

-- Append-only; each row's hash covers its content and the hash before it. The first one follows the
-- manifest's.
CREATE TABLE journal (
    run TEXT NOT NULL REFERENCES run (id),
    inquiry TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (run, inquiry, sequence)
) WITHOUT ROWID;

-- Content-addressed: the key is a hash over the subject and the input. A key is inserted once; a
-- second insertion is an error, not a replacement.
CREATE TABLE measurement (
    key BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,
    batch INTEGER NOT NULL REFERENCES measurementBatch (id)
) WITHOUT ROWID;

-- What the instrument was really asked to do, written in the transaction that stores its answers.
CREATE TABLE measurementBatch (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    inputs INTEGER NOT NULL
);

-- Where each inquiry stands: derived from the journal, for lists and searches only.
CREATE TABLE inquiry (
    run TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    statement TEXT NOT NULL,
    probes INTEGER NOT NULL,
    hypotheses INTEGER NOT NULL,
    PRIMARY KEY (run, name)
) WITHOUT ROWID;
