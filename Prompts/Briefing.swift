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

extension PromptReply {
    /// What keeps `json` from being a reply, beyond its schema; empty when nothing does.
    public static func faults(in json: JSONValue) -> [SchemaFault] {
        do throws(ReplyFaults) {
            _ = try Self(json)
            return []
        } catch {
            return error.faults
        }
    }
}

/// What opens a conversation with a model, ready to be sent.
public struct RenderedPrompt: Hashable, Sendable {
    public let name: String
    public let system: String
    public let user: String
    public let reply: ReplyForm
    /// The prompt's, not that of this rendering.
    public let hash: Digest
}

/// What goes on with a conversation, ready to be sent.
public struct RenderedTurn: Hashable, Sendable {
    public let name: String
    public let user: String
    public let hash: Digest
}

/// Why a reply cannot be used, in words that its author can act on.
public struct ReplyFaults: Error, Hashable, Sendable, CustomStringConvertible {
    public let faults: [SchemaFault]

    public init(_ faults: [SchemaFault]) { self.faults = faults }

    public var description: String { faults.map(\.description).joined(separator: "; ") }
}

/// Told to a model whose reply did not pass.
public struct RepairBriefing: Hashable, Sendable {
    public static let inquiry = "shared"
    public static let role = "repair"

    /// They may quote the reply, so they are data.
    public let faults: [SchemaFault]

    public init(_ faults: [SchemaFault]) { self.faults = faults }

    public var values: PromptValues {
        ["faults": .data(faults.map { "- \($0)" }.joined(separator: "\n"))]
    }
}
