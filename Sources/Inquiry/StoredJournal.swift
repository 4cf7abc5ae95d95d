import Digests
import Memory

/// The journal of one run in the memory.
public struct StoredJournal: InquiryJournal {
    private let store: Store
    private let run: String

    public init(store: Store, run: String) {
        self.store = store
        self.run = run
    }

    public func events(of inquiry: String) async throws -> [InquiryEvent] {
        try await store.journal(run: run, inquiry: inquiry).map { row in
            do {
                return try CanonicalJSON.decode(InquiryEvent.self, from: row.body)
            } catch {
                throw MemoryError.broken(
                    run: run, inquiry: inquiry, sequence: row.sequence,
                    reason: "it cannot be read (\(error))")
            }
        }
    }

    public func append(_ event: InquiryEvent, to inquiry: String, sequence: Int) async throws {
        try await store.append(
            kind: event.kind, body: CanonicalJSON.encode(event), run: run, inquiry: inquiry,
            sequence: sequence)
    }
}
