/// Why the memory cannot be used, or does not hold together.
public enum MemoryError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case newer(path: String)
    case full(path: String)
    case failed(path: String, reason: String)
    case noRun(id: String, path: String)
    case sequenceTaken(run: String, inquiry: String, sequence: Int)
    case measuredTwice(count: Int)
    case broken(run: String, inquiry: String, sequence: Int, reason: String)
    case badSearch(query: String)
    case inUse(run: String)
}

extension MemoryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): not a readable memory (\(reason)); it was left as it is: move it away or pass "
                + "another --memory"
        case .newer(let path):
            "\(path): written by a newer version of conjecture; it was left as it is: update "
                + "conjecture or pass another --memory"
        case .full(let path):
            "\(path): the disk is full; what was journaled is safe: free some space, then "
                + "`conjecture resume`"
        case .failed(let path, let reason):
            "\(path): \(reason); what was journaled is safe: mend that, then `conjecture resume`"
        case .noRun(let id, let path):
            "\(path): there is no run \"\(id)\"; `conjecture runs` lists those that are there"
        case .sequenceTaken(let run, let inquiry, let sequence):
            "run \(run), \(inquiry): event \(sequence) is already journaled; is another process "
                + "running the same run? Wait for it to end"
        case .measuredTwice(let count):
            "\(count) inputs were measured that the memory already holds; another process uses the "
                + "same memory: run `conjecture resume` when it has ended"
        case .broken(let run, let inquiry, let sequence, let reason):
            "run \(run), \(inquiry), event \(sequence): \(reason); the journal was altered or damaged: "
                + "restore the memory from a copy, or run the study again"
        case .inUse(let run):
            "another process is carrying out run \(run); wait for it to end, or stop it"
        case .badSearch(let query):
            "\"\(query)\" is not a search: use words, and \"…\" round a phrase"
        }
    }
}
