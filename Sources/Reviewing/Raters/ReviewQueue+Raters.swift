import Memory

extension ReviewQueue {
    /// How well people decide, from the whole audit.
    ///
    /// - Parameters:
    ///   - onlySettled: only items that nobody can decide any more, for pages that those see who still decide.
    ///   - replicates: resamples for each interval of agreement.
    ///   - level: the coverage of all intervals.
    ///   - seed: of the resamples: the same audit gives the same figures.
    public func raters(
        onlySettled: Bool = false, replicates: Int = 2_000, level: Double = 0.95, seed: UInt64 = 1
    ) async throws -> RaterTable {
        let votes = try await store.readReviews { table in
            var votes = RaterVotes()
            while true {
                let rows = try table.events(after: votes.sequence, limit: 1_000)
                guard !rows.isEmpty else { break }
                for row in rows { try votes.apply(row) }
            }
            if onlySettled {
                let settled = ReviewState.allCases.filter { !$0.isOpen }.map(\.rawValue)
                votes.keep(
                    Set(try table.numbers(ReviewSelection(states: settled)).map(\.id)))
            }
            return votes
        }
        return RaterTable(votes, replicates: replicates, level: level, seed: seed)
    }
}
