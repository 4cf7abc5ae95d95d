-- What language models answered. Content-addressed: the key is a hash over the model and everything
-- in the request that changes the reply. A key is kept once.
CREATE TABLE modelReply (
    key BLOB PRIMARY KEY NOT NULL,
    model TEXT NOT NULL,
    -- Both as JSON. No key of a provider is ever among them.
    request TEXT NOT NULL,
    reply TEXT NOT NULL,
    -- In billionths of a dollar when it was given; null where the price was not known.
    cost INTEGER
) WITHOUT ROWID;

-- Every request that was sent, or was about to be: written before it is sent. One that is still open
-- when its process is gone may have been answered and billed, so it counts as what was reserved.
CREATE TABLE modelAttempt (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    role TEXT NOT NULL,
    key BLOB NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'failed')),
    -- Why it failed: a kind and a sentence.
    failure TEXT,
    reason TEXT,
    -- While open what was reserved, then what was spent.
    calls INTEGER NOT NULL,
    inputTokens INTEGER NOT NULL,
    outputTokens INTEGER NOT NULL,
    money INTEGER NOT NULL
);

CREATE INDEX modelAttemptByRun ON modelAttempt (run, role);

-- Which replies a run has read, whether it paid for them or an earlier run did.
CREATE TABLE modelUse (
    run TEXT NOT NULL,
    inquiry TEXT NOT NULL,
    role TEXT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (run, inquiry, role, key)
) WITHOUT ROWID;

-- Requests that are handed in together for a provider to answer within a day: written before they are
-- sent. The run that pays is that of the attempts.
CREATE TABLE modelBatch (
    -- Our own name for it. It is sent along, so that a batch can be found again at the provider.
    nonce TEXT PRIMARY KEY NOT NULL,
    -- The provider's name for it; null until it is known.
    id TEXT,
    model TEXT NOT NULL,
    -- unsent: the provider does not have it. lost: nobody knows whether it does.
    state TEXT NOT NULL
        CHECK (state IN ('submitting', 'submitted', 'collected', 'unsent', 'lost')),
    -- Why it is unsent or lost.
    reason TEXT,
    begunAt TEXT NOT NULL
) WITHOUT ROWID;

-- What a batch holds. The name is what the request is called in it: the head of the key, a dash and
-- the nonce.
CREATE TABLE modelBatchItem (
    batch TEXT NOT NULL REFERENCES modelBatch (nonce),
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    attempt INTEGER NOT NULL REFERENCES modelAttempt (id),
    PRIMARY KEY (batch, name)
) WITHOUT ROWID;

CREATE INDEX modelBatchItemByKey ON modelBatchItem (key);

-- What --model said when the run began: the manifest of a replay names the model that was recorded.
ALTER TABLE run ADD COLUMN modelWord TEXT;
