-- What inquiries taught, with its scope and evidence.
CREATE TABLE lesson (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES run (id),
    inquiry TEXT NOT NULL,
    -- The subject and the place in it that the lesson is about, for instance a digest and a hook.
    scope TEXT NOT NULL,
    -- Names the data that taught it.
    corpus TEXT NOT NULL,
    status TEXT NOT NULL,
    formula TEXT NOT NULL,
    statement TEXT NOT NULL,
    score REAL,
    evidence TEXT NOT NULL,
    UNIQUE (run, inquiry)
);

CREATE INDEX lessonByScope ON lesson (scope, inquiry);

CREATE VIRTUAL TABLE lessonSearch USING fts5 (
    inquiry, statement, formula, evidence,
    content = 'lesson', content_rowid = 'id', tokenize = 'porter unicode61'
);

CREATE TRIGGER lessonAdded AFTER INSERT ON lesson BEGIN
    INSERT INTO lessonSearch (rowid, inquiry, statement, formula, evidence)
    VALUES (new.id, new.inquiry, new.statement, new.formula, new.evidence);
END;
