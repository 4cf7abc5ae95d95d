import Digests
import Inquiry
import JSON
import Serving

/// What changes something, and what is answered as data.
extension ReviewSite {
    /// Carries a change out for somebody, once it is sure that they asked for it.
    func carryOut(
        _ change: ReviewRoute.Change, on id: String, _ request: ServedRequest,
        _ session: ReviewSession
    ) async throws -> ServedReply {
        try RequestOrigin.check(request)
        try session.check(request, secret: secret)
        guard request.mediaType == "application/json" else {
            throw ReviewRefusal(status: 415, text: "send JSON, and say so in the content type")
        }
        let fields = try ChangeFields(request.body)
        switch change {
        case .act:
            let state = try await queue.act(try fields.act(), on: id, rater: session.rater)
            return .json(Self.data(state: state))
        case .undo:
            try fields.checkEmpty()
            return .json(Self.data(state: try await queue.undo(id, rater: session.rater)))
        case .claim:
            try fields.checkEmpty()
            try await queue.claim(id, rater: session.rater)
        case .release:
            try fields.checkEmpty()
            // An item that is not there is an error, too.
            _ = try await queue.sheet(of: id, rater: session.rater)
            try await queue.release(id, rater: session.rater)
        }
        let line = try await queue.sheet(of: id, rater: session.rater).line
        return .json(Self.data(state: line.state))
    }

    static func data(error: String) -> String {
        let data: JSONValue = ["error": .string(error)]
        return data.text
    }

    private static func data(state: ReviewState) -> String {
        let data: JSONValue = ["state": .string(state.rawValue)]
        return data.text
    }
}

/// The members of a change's body: each is known, there once and of its type.
struct ChangeFields {
    private static let names: Set = [
        "verb", "contentHash", "reason", "rating", "text", "seconds", "nonce",
    ]
    private static let nonceLimit = 64
    /// A year; whoever looks at an item for longer has left the page open.
    private static let secondsLimit = 31_536_000.0

    private let object: JSONValue

    /// - Throws: 400 for what is not a JSON object, 422 for a member that is not known.
    init(_ body: [UInt8]) throws(ReviewRefusal) {
        do throws(JSONValue.Flaw) {
            object = try JSONValue(parsing: body)
        } catch {
            throw .badRequest("this is not JSON: \(error)")
        }
        guard let members = object.members else { throw .badRequest("send a JSON object") }
        guard members.allSatisfy({ Self.names.contains($0.name) }) else {
            throw .badField(
                "known are only \(Self.names.sorted().joined(separator: ", "))")
        }
    }

    func checkEmpty() throws(ReviewRefusal) {
        guard object.members?.isEmpty == true else {
            throw .badField("this takes nothing: send {}")
        }
    }

    /// - Throws: 422 for a member that is missing or of the wrong form.
    func act() throws(ReviewRefusal) -> ReviewQueue.Act {
        guard let verb = try text("verb").flatMap(ReviewVerb.init) else {
            let known = ReviewVerb.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badField("verb is one of \(known)")
        }
        guard let hash = try text("contentHash"), Digest(hex: hash) != nil else {
            throw .badField("contentHash is the hash of what was shown")
        }
        guard let nonce = try text("nonce"), !nonce.isEmpty, nonce.utf8.count <= Self.nonceLimit
        else { throw .badField("nonce is a text of 1 to \(Self.nonceLimit) bytes") }
        return ReviewQueue.Act(
            verb, contentHash: hash, reason: try text("reason"), rating: try rating(),
            text: try text("text"), seconds: try seconds(), nonce: nonce)
    }

    private func text(_ name: String) throws(ReviewRefusal) -> String? {
        guard let value = object.present(name) else { return nil }
        guard let text = value.string else { throw .badField("\(name) is a text") }
        return text
    }

    private func rating() throws(ReviewRefusal) -> Int? {
        guard let value = object.present("rating") else { return nil }
        guard let rating = value.integer else { throw .badField("rating is a number from 1 to 5") }
        return rating
    }

    private func seconds() throws(ReviewRefusal) -> Double {
        guard let value = object.present("seconds") else { return 0 }
        guard let seconds = value.number, (0...Self.secondsLimit).contains(seconds) else {
            throw .badField("seconds is the time for which it was looked at")
        }
        return seconds
    }
}

/// An item as one person may see it, as data.
struct SheetOutput: Encodable {
    struct Revealed: Encodable {
        struct Vote: Encodable {
            let rater: String
            let at: Int64
            let decision: ReviewEvent.Decision
        }

        let hidden: ApprovalHidden
        let votes: [Vote]
    }

    let item: ReviewLine
    let sheet: ApprovalSheet
    let contentHash: String
    let raters: Int
    let claimedBy: [String]
    let canUndo: Bool
    let revealed: Revealed?
    /// For the next act on it.
    let nonce: String

    init(_ sheet: ReviewSheet, nonce: String) {
        item = sheet.line
        self.sheet = sheet.sheet
        contentHash = sheet.contentHash
        raters = sheet.raters
        claimedBy = sheet.claimedBy
        canUndo = sheet.canUndo
        revealed = sheet.revealed.map { revealed in
            Revealed(
                hidden: revealed.hidden,
                votes: revealed.votes.map {
                    .init(rater: $0.rater, at: $0.at, decision: $0.decision)
                })
        }
        self.nonce = nonce
    }
}
