/// Why something cannot be done with the review queue.
public enum ReviewError: Error, Hashable, Sendable {
    case noSuchItem(String)
    /// What was shown is no longer what stands there.
    case stale
    case alreadyDecided(ReviewState)
    case votedBefore
    /// From the page as it was shown something else has been sent already.
    case sentBefore(ReviewVerb)
    /// A question was answered when it was put otherwise.
    case askedOtherwise(String)
    /// The item waits for somebody who has not dealt with it.
    case needsAnother
    /// Others are looking at it, as many as must decide.
    case claimedByOthers(until: Int64)
    case reasonMissing
    case editMissing
    case notEditable
    case editRefused(reason: String)
    case ratingOutOfRange(Int)
    case tooLong(what: String, limit: Int)
    case badRater(String)
    case nothingToUndo
    /// Somebody else has dealt with the item since.
    case decidedSince
    /// A run has gone on with it.
    case actedUpon
    case outOfOrder(String)
    case auditBroken(sequence: Int, reason: String)
    case projectionDiffers(item: String, what: String)
}

extension ReviewError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSuchItem(let id): "there is no item \"\(id)\"; `conjecture review list` shows them"
        case .stale:
            "what you were shown has changed since; nothing was decided: look at it again"
        case .alreadyDecided(let state):
            "somebody was quicker: it is \(state.rawValue); nothing was changed"
        case .votedBefore: "you have decided on it already; undo that first"
        case .sentBefore(let verb):
            "what you were shown has been answered already (\(verb.rawValue)); nothing more was done: "
                + "look at it again"
        case .askedOtherwise(let name):
            "\(name) was answered when something else was shown: the program or its data has changed "
                + "since; go on with the version that asked, or begin a new run"
        case .needsAnother: "it waits for somebody who has not dealt with it yet"
        case .claimedByOthers: "somebody else is looking at it; try again in a while"
        case .reasonMissing: "a rejection needs a reason; nothing was decided"
        case .editMissing: "an edit needs a text that differs from the original; approve it instead"
        case .notEditable: "there is nothing to edit on it; approve or reject it"
        case .editRefused(let reason): "the edited text cannot be used: \(reason)"
        case .ratingOutOfRange(let rating): "\(rating) is no rating: give 1 to 5"
        case .tooLong(let what, let limit): "the \(what) is too long: at most \(limit) bytes"
        case .badRater(let name):
            "\"\(name)\" is no name for a rater: use 1 to 64 letters, digits, '.', '-', '_' or '@'"
        case .nothingToUndo: "you have done nothing with it that could be undone"
        case .decidedSince: "somebody else has dealt with it since; it cannot be undone any more"
        case .actedUpon: "it is settled and acted upon; it cannot be undone any more"
        case .outOfOrder(let kind): "\"\(kind)\" cannot follow what has happened to the item"
        case .auditBroken(let sequence, let reason):
            "audit, event \(sequence): \(reason); it was altered or damaged: restore the memory from a "
                + "copy"
        case .projectionDiffers(let item, let what):
            "item \(item): its \(what) is not what the audit says; the queue was altered or events were "
                + "removed: restore the memory from a copy"
        }
    }
}
