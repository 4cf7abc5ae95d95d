import Digests
import Inquiry
import Memory

/// What checking the audit found.
public struct ReviewAuditSummary: Codable, Hashable, Sendable {
    public let events: Int
    public let items: Int
    public let decisions: Int
    /// The hash of the last event. Kept elsewhere, it shows later that nothing was cut off the end.
    public let head: String
}

extension ReviewQueue {
    /// Checks that every event of the audit follows from the one before it, that every item stands where its
    /// events put it, and that every sheet is what its hash says.
    ///
    /// - Throws: ``ReviewError/auditBroken(sequence:reason:)`` or
    ///   ``ReviewError/projectionDiffers(item:what:)`` for the first that does not.
    public func verify() async throws -> ReviewAuditSummary {
        try await store.readReviews { table in
            var folds: [String: ReviewFold] = [:]
            var head = ""
            var count = 0
            var decisions = 0
            while true {
                let rows = try table.events(after: count, limit: 1_000)
                guard !rows.isEmpty else { break }
                for row in rows {
                    count += 1
                    let expected = ReviewTable.hash(
                        sequence: count, at: row.at, actor: row.actor, item: row.item,
                        kind: row.kind, body: row.body, previous: head)
                    guard row.sequence == count, row.hash == expected else {
                        throw ReviewError.auditBroken(
                            sequence: count, reason: "its content does not fit its hash")
                    }
                    head = row.hash
                    let event = try ReviewEvent(row)
                    if case .decided = event { decisions += 1 }
                    do {
                        try folds[row.item, default: ReviewFold()].apply(
                            event, by: row.actor, at: row.at)
                    } catch {
                        throw ReviewError.auditBroken(sequence: count, reason: "\(error)")
                    }
                }
            }
            try Self.compare(folds, in: table)
            return ReviewAuditSummary(
                events: count, items: folds.count, decisions: decisions, head: head)
        }
    }

    private static func compare(_ folds: [String: ReviewFold], in table: ReviewTable) throws {
        for (_, id) in try table.numbers(ReviewSelection()) {
            guard let item = try table.item(id: id), let fold = folds[id] else {
                throw ReviewError.projectionDiffers(item: id, what: "beginning")
            }
            guard item.state == fold.state.rawValue else {
                throw ReviewError.projectionDiffers(item: id, what: "state")
            }
            guard (item.appliedAt != nil) == (fold.applied != nil) else {
                throw ReviewError.projectionDiffers(item: id, what: "mark of being acted upon")
            }
            try compare(item, fold, in: table)
            guard let sheet = try table.sheet(of: id), item.contentHash == fold.contentHash,
                SHA256.digest(of: sheet.content).hex == fold.contentHash,
                SHA256.digest(of: sheet.hidden).hex == fold.hiddenHash
            else { throw ReviewError.projectionDiffers(item: id, what: "sheet") }
        }
        let known = try table.count(ReviewSelection())
        guard known == folds.count else {
            throw ReviewError.projectionDiffers(
                item: "(\(folds.count) in the audit, \(known) in the queue)", what: "existence")
        }
    }

    /// Whether what an item's row repeats of its submission and its votes is what the audit says.
    private static func compare(
        _ item: ReviewItemRow, _ fold: ReviewFold, in table: ReviewTable
    ) throws {
        guard let asked = fold.submission, item.kind == asked.kind.rawValue, item.run == asked.run,
            item.inquiry == asked.inquiry, item.key == asked.key, item.raters == asked.raters,
            item.expiresAt == asked.expiresAt, item.isControl == (asked.control != nil)
        else { throw ReviewError.projectionDiffers(item: item.id, what: "submission") }
        let votes = fold.standing.map { [$0.rater, $0.decision.verb.rawValue] }
        guard try table.votes(on: item.id).map({ [$0.rater, $0.decision] }) == votes else {
            throw ReviewError.projectionDiffers(item: item.id, what: "list of votes")
        }
    }

    /// What was decided about a request of a run that has ended.
    func recorded(_ request: ApprovalRequest, run: String) async throws -> ApprovalAnswer? {
        let key = Self.key(run: run, name: request.name)
        let hash = SHA256.digest(of: try CanonicalJSON.encode(request.sheet)).hex
        return try await store.readReviews { table in
            guard let item = try table.item(key: key) else {
                throw ReviewError.noSuchItem(request.name)
            }
            let (_, fold) = try Self.fold(of: item.id, in: table)
            guard fold.contentHash == hash else { throw ReviewError.stale }
            return fold.applied
        }
    }
}
