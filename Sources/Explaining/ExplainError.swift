/// Why a study cannot go on.
public enum ExplainError: Error, Hashable, Sendable {
    case illegalGame(String)
    case emptyGame
    case sealBroken
    case notRecorded(count: Int)
    case damagedMeasurement(path: String)
    case noSuchLatent(Int, count: Int)
    case latentsNotCounted
    case corpusTooSmall(found: Int, needed: Int)
    case tooFewLive(asked: Int, live: Int)
    case badFeatureList(String)
    case budgetTooSmall(what: String, asked: Int, needed: Int)
    case subjectChanged(run: String)
    case wrongDomain(path: String, reason: String)
    case unfinishedTeacher(inquiry: String)
    case notReproduced(inquiry: String, sequence: Int, kind: String)
    case reportChanged(run: String)
    case manifestUnreadable(run: String, reason: String)
}

extension ExplainError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .illegalGame(let transcript): "the game \(transcript) is not legal on this board"
        case .emptyGame: "a position needs at least one move: nothing is measured before the first"
        case .sealBroken:
            "the held-out games do not fit the journaled opening; run `conjecture verify`"
        case .notRecorded(let count):
            "\(count) inputs that the run needs are not in the memory; they were removed: run the "
                + "study again"
        case .damagedMeasurement(let path):
            "\(path): a stored measurement is damaged; restore the memory from a copy, or run the "
                + "study again with another --memory"
        case .noSuchLatent(let index, let count):
            "latent \(index): the autoencoder has latents 0 to \(count - 1)"
        case .latentsNotCounted:
            "nobody says how many latents this source has; name those to explain with --features"
        case .corpusTooSmall(let found, let needed):
            "the corpus gives \(found) passages, and \(needed) are needed to deal them to splits; "
                + "name more text with --corpus"
        case .tooFewLive(let asked, let live):
            "--random \(asked): only \(live) latents are live on this corpus; ask for fewer"
        case .badFeatureList(let text):
            "\"\(text)\" is no list of features; write for instance 3,17,40-59"
        case .budgetTooSmall(let what, let asked, let needed):
            "--max-\(what) \(asked): this study needs at least \(needed); raise it or take fewer "
                + "features or games"
        case .subjectChanged(let run):
            "the subject of run \(run) has changed since it began; put the old files back, or begin "
                + "a new run"
        case .wrongDomain(let path, let reason):
            "\(path): \(reason); explain needs a subject that plays Othello on 6×6 or 8×8"
        case .unfinishedTeacher(let inquiry):
            "\(inquiry) has no end in the journal, and later features learnt from it; the journal was "
                + "cut: restore the memory from a copy"
        case .notReproduced(let inquiry, let sequence, let kind):
            "\(inquiry), event \(sequence) (\(kind)): doing it again gives something else; the "
                + "journal was altered, or this is another version of conjecture"
        case .reportChanged(let run):
            "the report that run \(run)'s journal gives is not the one that was written"
        case .manifestUnreadable(let run, let reason):
            "run \(run): its manifest cannot be read (\(reason)); it is of another version"
        }
    }
}
