import Digests
import Foundation
import Inquiry
import Memory

/// The queue of what people must decide, in the memory. Every act is one transaction: it is checked against
/// the fold of the item's events, appended to the hash-chained audit and projected for the lists, or
/// nothing happens. Any number of processes may use it at once.
///
/// The module asks people: the queue, its audit and its two faces, in the terminal and the browser. Read
/// first: ``ReviewEvent``, `ReviewFold`, this type, ``QueueGate``.
public struct ReviewQueue: Sendable {
    public let store: Store
    /// How long an item is kept for somebody who looks at it.
    public let claimSeconds: Double
    /// Says whether an edited text can be used; throws a reason otherwise.
    let check: @Sendable (ApprovalSheet, String) throws -> Void
    let clock: @Sendable () -> Date

    /// Bytes of a reason, and of an edited text.
    public static let reasonLimit = 4_000
    public static let editLimit = 100_000

    public init(
        store: Store, claimSeconds: Double = 600,
        check: @escaping @Sendable (ApprovalSheet, String) throws -> Void = { _, _ in },
        clock: @escaping @Sendable () -> Date = Date.init
    ) {
        self.store = store
        self.claimSeconds = claimSeconds
        self.check = check
        self.clock = clock
    }

    /// Milliseconds since 1970.
    var now: Int64 { Int64(clock().timeIntervalSince1970 * 1_000) }

    /// What somebody wants to do.
    public struct Act: Hashable, Sendable {
        public var verb: ReviewVerb
        /// Of what was shown.
        public var contentHash: String
        public var reason: String?
        public var rating: Int?
        /// The new text, for an edit.
        public var text: String?
        public var seconds: Double
        /// Made by the face when it shows the item: sent again it changes nothing.
        public var nonce: String

        public init(
            _ verb: ReviewVerb, contentHash: String, reason: String? = nil, rating: Int? = nil,
            text: String? = nil, seconds: Double = 0, nonce: String = UUID().uuidString
        ) {
            self.verb = verb
            self.contentHash = contentHash
            self.reason = reason
            self.rating = rating
            self.text = text
            self.seconds = seconds
            self.nonce = nonce
        }

        /// Whether it is the same as what was done under its nonce.
        func isWhatWasDone(_ decision: ReviewEvent.Decision) -> Bool {
            verb == decision.verb && contentHash == decision.contentHash
                && rating == decision.rating && reason == decision.reason
                && (verb != .edit || text == decision.edit?.text)
        }
    }

    /// Decides, defers or escalates.
    ///
    /// - Returns: where the item stands now, as far as this person may know.
    /// - Throws: ``ReviewError``; nothing was changed then.
    @discardableResult
    public func act(_ act: Act, on id: String, rater: String) async throws -> ReviewState {
        try Self.check(rater: rater)
        try Self.check(act)
        let now = now
        return try await store.changeReviews { table in
            var (item, fold) = try Self.fold(of: id, in: table)
            if let done = fold.done[act.nonce] {
                guard done.rater == rater, act.isWhatWasDone(done.decision) else {
                    throw ReviewError.sentBefore(done.decision.verb)
                }
                return try line(item, rater, in: table, at: now).state
            }
            try Self.checkTime(of: item, fold, at: now)
            let decision = try decision(act, by: rater, on: id, fold, in: table)
            if act.verb.isVote, fold.state != .escalated {
                let claims = try table.claims(on: id, at: now)
                if !claims.contains(where: { $0.rater == rater }) {
                    try Self.checkRoom(on: item, fold, besides: claims)
                }
            }
            try Self.apply(.decided(decision), by: rater, to: &item, &fold, in: table, at: now)
            try table.release(id, rater: rater)
            return try line(item, rater, in: table, at: now).state
        }
    }

    private func decision(
        _ act: Act, by rater: String, on id: String, _ fold: ReviewFold, in table: ReviewTable
    ) throws -> ReviewEvent.Decision {
        // Before anything of the sheet is read: what was shown may have been another one.
        guard act.contentHash == fold.contentHash else { throw ReviewError.stale }
        let (sheet, hidden) = try Self.sheet(of: id, in: table)
        var edit: ReviewEdit?
        if act.verb == .edit {
            guard let editable = sheet.editable else { throw ReviewError.notEditable }
            guard let text = act.text, text != editable.text else { throw ReviewError.editMissing }
            do {
                try check(sheet, text)
            } catch {
                throw ReviewError.editRefused(reason: "\(error)")
            }
            edit = ReviewEdit(from: editable.text, to: text)
        }
        return ReviewEvent.Decision(
            verb: act.verb, contentHash: act.contentHash, reason: act.reason, rating: act.rating,
            edit: edit, seconds: act.seconds, nonce: act.nonce,
            isInformed: fold.informed.contains(rater),
            provenance: sheet.provenance + hidden.versions)
    }

    private static func check(_ act: Act) throws {
        if act.verb == .reject,
            act.reason?.contains(where: { !$0.isWhitespace }) != true
        {
            throw ReviewError.reasonMissing
        }
        if let reason = act.reason, reason.utf8.count > reasonLimit {
            throw ReviewError.tooLong(what: "reason", limit: reasonLimit)
        }
        if let text = act.text, text.utf8.count > editLimit {
            throw ReviewError.tooLong(what: "text", limit: editLimit)
        }
        if let rating = act.rating, !(1...5).contains(rating) {
            throw ReviewError.ratingOutOfRange(rating)
        }
    }

    /// - Throws: ``ReviewError/badRater(_:)``.
    public static func check(rater: String) throws {
        guard (1...64).contains(rater.utf8.count),
            rater.utf8.allSatisfy({
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
                    || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@")]
                        .contains($0)
            })
        else { throw ReviewError.badRater(rater) }
    }

    /// Takes back the last thing that a person did with an item, as long as no run went on with it and
    /// nobody else has dealt with it since.
    @discardableResult
    public func undo(_ id: String, rater: String) async throws -> ReviewState {
        let now = now
        return try await store.changeReviews { table in
            var (item, fold) = try Self.fold(of: id, in: table)
            try Self.apply(.undone, by: rater, to: &item, &fold, in: table, at: now)
            return try line(item, rater, in: table, at: now).state
        }
    }

    /// Keeps an item for somebody who looks at it. Taking it again prolongs it.
    ///
    /// - Throws: ``ReviewError/claimedByOthers(until:)`` when as many others as must still decide have it.
    public func claim(_ id: String, rater: String) async throws {
        try Self.check(rater: rater)
        let now = now
        let until = now + Int64(claimSeconds * 1_000)
        try await store.changeReviews { table in
            let (item, fold) = try Self.fold(of: id, in: table)
            guard fold.state.isOpen else { throw ReviewError.alreadyDecided(fold.state) }
            let others = try table.claims(on: id, at: now).filter { $0.rater != rater }
            try Self.checkRoom(on: item, fold, besides: others)
            try table.claim(id, rater: rater, until: until)
        }
    }

    public func release(_ id: String, rater: String) async throws {
        try await store.changeReviews { try $0.release(id, rater: rater) }
    }

    /// Marks what nobody answered in time.
    ///
    /// - Returns: the items.
    @discardableResult
    public func expire() async throws -> [String] {
        let now = now
        guard try await !store.readReviews({ try $0.overdue(at: now).isEmpty }) else { return [] }
        return try await store.changeReviews { table in
            let overdue = try table.overdue(at: now)
            for id in overdue {
                var (item, fold) = try Self.fold(of: id, in: table)
                try Self.apply(.expired, by: "", to: &item, &fold, in: table, at: now)
            }
            return overdue
        }
    }

    private func line(
        _ item: ReviewItemRow, _ rater: String, in table: ReviewTable, at now: Int64
    ) throws -> ReviewLine {
        let others = try table.claims(on: item.id, at: now).contains { $0.rater != rater }
        return try Self.line(item, rater: rater, isClaimed: others, in: table, at: now)
    }

    // MARK: The one way to change an item

    /// An item that nobody answered in time cannot be decided any more, though nobody has marked it yet.
    private static func checkTime(
        of item: ReviewItemRow, _ fold: ReviewFold, at now: Int64
    ) throws {
        if let expiresAt = item.expiresAt, expiresAt <= now, fold.state.isOpen {
            throw ReviewError.alreadyDecided(.expired)
        }
    }

    /// - Throws: ``ReviewError/claimedByOthers(until:)`` when as many others as must still decide look at it.
    private static func checkRoom(
        on item: ReviewItemRow, _ fold: ReviewFold, besides others: [ReviewClaimRow]
    ) throws {
        let left = fold.state == .escalated ? 1 : item.raters - fold.votes.count
        if others.count >= max(1, left), let first = others.map(\.until).min() {
            throw ReviewError.claimedByOthers(until: first)
        }
    }

    static func fold(
        of id: String, in table: ReviewTable
    ) throws -> (ReviewItemRow, ReviewFold) {
        guard let item = try table.item(id: id) else { throw ReviewError.noSuchItem(id) }
        var fold = ReviewFold()
        for row in try table.events(of: id) {
            try fold.apply(ReviewEvent(row), by: row.actor, at: row.at)
        }
        return (item, fold)
    }

    static func apply(
        _ event: ReviewEvent, by actor: String, to item: inout ReviewItemRow,
        _ fold: inout ReviewFold, in table: ReviewTable, at now: Int64
    ) throws {
        try fold.apply(event, by: actor, at: now)
        try table.append(
            kind: event.kind, body: CanonicalJSON.encode(event), item: item.id, actor: actor,
            at: now)
        if case .applied = event { item.appliedAt = now }
        item.state = fold.state.rawValue
        item.contentHash = fold.contentHash
        try table.project(
            item.id, state: item.state, appliedAt: item.appliedAt,
            votes: fold.standing.map { ($0.rater, $0.decision.verb.rawValue) })
    }

    static func sheet(
        of id: String, in table: ReviewTable
    ) throws -> (sheet: ApprovalSheet, hidden: ApprovalHidden) {
        guard let row = try table.sheet(of: id) else { throw ReviewError.noSuchItem(id) }
        do {
            return (
                try CanonicalJSON.decode(ApprovalSheet.self, from: row.content),
                try CanonicalJSON.decode(ApprovalHidden.self, from: row.hidden)
            )
        } catch {
            throw ReviewError.projectionDiffers(item: id, what: "sheet")
        }
    }
}
