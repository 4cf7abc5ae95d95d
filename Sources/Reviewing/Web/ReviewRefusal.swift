import Memory

/// Why a request is not carried out: a status and a sentence for a person.
struct ReviewRefusal: Error, Equatable {
    let status: Int
    let text: String
    /// What would be allowed, where a method is not.
    var allowed: String?

    static func badRequest(_ text: String) -> ReviewRefusal {
        ReviewRefusal(status: 400, text: text)
    }

    static func badField(_ text: String) -> ReviewRefusal {
        ReviewRefusal(status: 422, text: text)
    }

    static func forbidden(_ text: String) -> ReviewRefusal {
        ReviewRefusal(status: 403, text: text)
    }

    static let notFound = ReviewRefusal(status: 404, text: "there is nothing here")
    static let unknownRater = ReviewRefusal(
        status: 401,
        text: "open the address that `conjecture serve` printed for you; it lets you in")

    static func notAllowed(_ allowed: String) -> ReviewRefusal {
        ReviewRefusal(status: 405, text: "use \(allowed) here", allowed: allowed)
    }

    init(status: Int, text: String, allowed: String? = nil) {
        self.status = status
        self.text = text
        self.allowed = allowed
    }

    /// What the queue or the memory says, as an answer; nil for what is no concern of a client's.
    init?(_ error: any Error) {
        switch error {
        case let error as ReviewRefusal: self = error
        case let error as ReviewError:
            guard let status = Self.status(of: error) else { return nil }
            self.init(status: status, text: "\(error)")
        case MemoryError.noRun(let id, _):
            self.init(status: 404, text: "there is no run \"\(id)\"")
        default: return nil
        }
    }

    private static func status(of error: ReviewError) -> Int? {
        switch error {
        case .noSuchItem: 404
        case .stale, .alreadyDecided, .votedBefore, .sentBefore, .needsAnother, .claimedByOthers,
            .nothingToUndo, .decidedSince, .actedUpon, .outOfOrder:
            409
        case .reasonMissing, .editMissing, .notEditable, .editRefused, .ratingOutOfRange,
            .tooLong, .badRater:
            422
        case .askedOtherwise, .auditBroken, .projectionDiffers: nil
        }
    }
}
