import Digests
import LanguageModels

/// What a language model's replies to some questions came to: from the replies that were read, so that it
/// is the same however often the run was interrupted.
public struct ReplyUsage: Codable, Hashable, Sendable {
    public private(set) var replies = 0
    public private(set) var inputTokens = 0
    public private(set) var outputTokens = 0
    /// What the replies cost when they were given; nil where a price was not known.
    public private(set) var cost: Money? = .zero

    public init() {}

    init(_ recorded: RecordedReply) {
        replies = 1
        inputTokens = recorded.reply.usage.input
        outputTokens = recorded.reply.usage.output
        cost = recorded.cost
    }

    public var tokens: Int { inputTokens + outputTokens }

    public static func + (a: ReplyUsage, b: ReplyUsage) -> ReplyUsage {
        var sum = a
        sum.replies += b.replies
        sum.inputTokens += b.inputTokens
        sum.outputTokens += b.outputTokens
        sum.cost = a.cost.flatMap { cost in b.cost.map { cost + $0 } }
        return sum
    }
}

extension StoredCalls {
    /// What some consultations came to. A request without a reply in the memory was answered by nobody.
    public func usage(of consultations: [Consultation]) async throws -> ReplyUsage {
        var sum = ReplyUsage()
        for request in consultations.flatMap(\.requests) {
            guard let key = Digest(hex: request), let reply = try await recorded(key) else {
                continue
            }
            sum = sum + ReplyUsage(reply)
        }
        return sum
    }
}
