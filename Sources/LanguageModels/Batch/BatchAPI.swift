import Foundation
import JSON

/// How one provider takes requests in for a day. The methods repeat what is harmless to repeat, as
/// ``RetryPolicy`` has it, and nothing else.
protocol BatchAPI: Sendable {
    var limits: BatchLimits { get }

    /// How a request is written in a batch.
    func frame(_ name: String, _ body: [UInt8]) -> [UInt8]
    /// Hands requests in.
    ///
    /// - Parameter items: as ``frame(_:_:)`` writes them.
    /// - Returns: the provider's name for the batch.
    /// - Throws: where ``ModelError/isSurelyUndone`` does not hold, the batch may be there.
    func submit(_ items: [[UInt8]], nonce: String) async throws(ModelError) -> String
    func status(of id: String) async throws(ModelError) -> BatchStatus
    /// Looks for a batch whose submission was not answered.
    func search(for wanted: BatchWanted) async throws(ModelError) -> BatchSearch
    /// Hands out what the provider says of each request, in no order, as it arrives. A connection that
    /// breaks is begun again, so that a request may come twice.
    ///
    /// - Returns: lines that could not be read.
    func results(
        _ files: [String], _ take: (BatchResult) async throws(ModelError) -> Void
    ) async throws(ModelError) -> Int
}

/// What a provider takes in one batch.
struct BatchLimits: Hashable {
    let requests: Int
    let bytes: Int
}

enum BatchStatus: Hashable {
    case inProgress(BatchCounts)
    /// Done; the addresses of the results.
    case ended([String])
    /// The day was over before the provider came to all of it.
    case expired([String])
    /// Somebody cancelled it at the provider.
    case cancelled([String])
    /// The provider would not begin with it.
    case failed(reason: String)
}

struct BatchCounts: Hashable {
    /// Requests that have an answer of whatever kind.
    let done: Int
    let all: Int
}

/// A batch as we know it without the provider's name for it.
struct BatchWanted: Hashable {
    let nonce: String
    let size: Int
    let begunAt: Date
    /// Names of other batches.
    let known: Set<String>

    /// Provider's clocks may go wrong by this much, in seconds.
    static let clockSkew = 3_600.0

    func mayHaveBegun(at date: Date?) -> Bool {
        date.map { $0 >= begunAt.addingTimeInterval(-Self.clockSkew) } ?? true
    }
}

enum BatchSearch: Hashable {
    case found(id: String)
    case absent
    /// A batch that may be it does not tell before it has ended.
    case notYetKnown
    /// It will never be known.
    case undecidable(reason: String)
}

/// What a provider says of one request in a batch.
struct BatchResult {
    enum Outcome {
        /// The body of a reply, as the wire format has it.
        case reply(JSONValue)
        case failed(ModelError)
    }

    let name: String
    let outcome: Outcome
}

extension ModelError {
    /// Whether what was asked for surely did not happen: a batch may be handed in again then. A
    /// server's own fault is no such case, for a gateway may report one after the request went through.
    var isSurelyUndone: Bool {
        switch kind {
        case .lost, .garbled, .serverFault, .cancelled: false
        default: true
        }
    }
}

/// Names that providers give go into addresses, so that only plain ones are taken.
enum ProviderName {
    static func isPlain(_ name: String) -> Bool {
        (1...200).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
