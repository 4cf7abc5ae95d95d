import Digests
import Inquiry
import Memory

/// Where the inquiries of runs stand: of a run that has ended from the memory's lists, of one that
/// goes on from its journal. What was read of a journal is kept, as journals only grow.
actor RunReader {
    private struct Known {
        let length: Int
        let row: InquiryRow
    }

    private let store: Store
    /// By run and inquiry.
    private var known: [String: [String: Known]] = [:]

    init(store: Store) { self.store = store }

    func inquiries(of run: RunRow) async throws -> [InquiryRow] {
        guard run.state == .running, let plan = Self.plan(of: run) else {
            known[run.id] = nil
            return try await store.inquiryRows(run: run.id)
        }
        let lengths = try await store.journalLengths(run: run.id)
        var rows: [InquiryRow] = []
        for (inquiry, length) in lengths.sorted(by: { $0.key < $1.key }) {
            if let kept = known[run.id]?[inquiry], kept.length == length {
                rows.append(kept.row)
                continue
            }
            let events = try await StoredJournal(store: store, run: run.id).events(of: inquiry)
            let state = try InquiryState(plan: plan, events: events)
            let row = InquiryRow(
                name: inquiry, state: state.shownVerdict,
                statement: state.leading?.hypothesis.statement ?? "", probes: state.probes.count,
                hypotheses: state.records.count)
            known[run.id, default: [:]][inquiry] = Known(length: events.count, row: row)
            rows.append(row)
        }
        return rows
    }

    /// The plan in the manifest of a run that tests hypotheses; nil for other runs.
    private static func plan(of run: RunRow) -> InquiryPlan? {
        struct Planned: Decodable {
            let plan: InquiryPlan
        }
        return try? CanonicalJSON.decode(Planned.self, from: run.manifest).plan
    }
}
