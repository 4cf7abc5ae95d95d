import Digests
import JSON

/// What a role is told, and what it answers: the two ends of a prompt, side by side.
public protocol Briefing: Sendable {
    associatedtype Reply: PromptReply

    static var inquiry: String { get }
    static var role: String { get }

    /// Named as the prompt's sample names them.
    var values: PromptValues { get }
}

/// A reply that has passed its prompt's schema.
public protocol PromptReply: Hashable, Sendable {
    /// - Throws: ``ReplyFaults`` where the schema, which a user may change, let through what cannot
    ///   be used.
    init(_ json: JSONValue) throws(ReplyFaults)
}

/// What opens a conversation with a model, ready to be sent.
public struct RenderedPrompt: Hashable, Sendable {
    public let name: String
    public let system: String
    public let user: String
    public let reply: ReplyForm
    /// The prompt's, not that of this rendering.
    public let hash: Digest

    /// Reads a model's reply: nothing but one JSON document that fits the schema.
    ///
    /// - Throws: ``ReplyFaults``, made for a ``RepairBriefing``.
    public func read<Reply: PromptReply>(
        _ text: String, as type: Reply.Type = Reply.self
    ) throws(ReplyFaults) -> Reply {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: text)
        } catch {
            throw ReplyFaults(["the reply is not one JSON document: it \(error.description)"])
        }
        let faults = reply.schema.faults(in: json)
        guard faults.isEmpty else { throw ReplyFaults(faults.map(\.description)) }
        return try Reply(json)
    }
}

/// What goes on with a conversation, ready to be sent.
public struct RenderedTurn: Hashable, Sendable {
    public let name: String
    public let user: String
    public let hash: Digest
}

/// Why a reply cannot be used, in words that its author can act on.
public struct ReplyFaults: Error, Hashable, Sendable, CustomStringConvertible {
    public let reasons: [String]

    public init(_ reasons: [String]) { self.reasons = reasons }

    public var description: String { reasons.joined(separator: "; ") }
}

/// Told to a model whose reply did not pass.
public struct RepairBriefing: Hashable, Sendable {
    public static let inquiry = "shared"
    public static let role = "repair"

    /// They may quote the reply, so they are data.
    public let faults: [String]

    public init(_ faults: ReplyFaults) { self.faults = faults.reasons }

    public var values: PromptValues {
        ["faults": .data(faults.map { "- \($0)" }.joined(separator: "\n"))]
    }
}
