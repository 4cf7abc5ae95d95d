import Digests
import JSON

/// One prompt of a set: what a role of an inquiry says to a model, and what it must answer.
public struct Prompt: Sendable {
    public let inquiry: String
    public let role: String
    public let version: Int
    /// Over everything that decides what is sent but the values: the file with its front matter, the
    /// reply schema, and every part that is included.
    public let hash: Digest
    /// The user's own files among those that make it up.
    public let usersFiles: [String]
    /// How it is to be answered; nil for a follow-up, which is answered as the prompt it follows.
    public let reply: ReplyForm?
    /// Values to show what a rendering looks like.
    public let sample: PromptValues

    let system: Template?
    let user: Template
    /// What its values are.
    let shape: ValueShape

    /// "explain-othello/proposer"
    public var name: String { "\(inquiry)/\(role)" }

    /// Follow-ups go on with a conversation that another prompt opened.
    public var isFollowUp: Bool { reply == nil }

    /// The texts that are sent for these values.
    ///
    /// - Throws: ``PromptError/values(prompt:reason:)`` when they are not the prompt's, or
    ///   ``PromptError/template(_:_:)`` when one is longer than its hole takes.
    public func messages(_ values: PromptValues) throws(PromptError) -> PromptMessages {
        if let misfit = shape.misfit(values) { throw .values(prompt: name, reason: misfit) }
        return PromptMessages(
            system: try system?.render(values), user: try user.render(values))
    }

    /// Reads values from JSON as samples are written: a string is text, an object
    /// `{"data": "…"}` data, a list of objects a list. Where data is due, a bare string is data too.
    ///
    /// - Parameter file: for messages.
    public func values(reading json: JSONValue, file: String) throws(PromptError) -> PromptValues {
        let values = try PromptValues(reading: json, file: file).fenced(as: shape)
        if let misfit = shape.misfit(values) { throw .json(file: file, reason: misfit) }
        return values
    }
}

/// What a model is told.
public struct PromptMessages: Hashable, Sendable {
    public let system: String?
    public let user: String
}

/// How a reply is to look.
public struct ReplyForm: Hashable, Sendable {
    /// At most 64 of A–Z, a–z, 0–9, "-" and "_".
    public let name: String
    public let schema: JSONSchema
    public let sampling: SamplingHints
}
