import JSON
import LanguageModels

/// A language model without a network, for measuring a loop by itself: it answers as the rule inducer
/// would that had read the request and nothing else.
///
/// It sees what a real model would see, the words of the messages: exemplars and results are parsed
/// out of them, and no truth, memory or earlier request is known to it. It does what it is told to the
/// letter. The same request always has the same answer. So two loops that ask it differ by what they
/// show and by how they use the answers, not by what the model can do.
///
/// Its tokens are counted by a rule: the UTF-8 bytes of all messages and of the reply's schema, divided
/// by 4 and rounded up, are the input; those of the reply, likewise, the output.
public struct ScriptedModel: LanguageModel {
    /// How it reads SAGE's rules for a status where results are mixed.
    public enum Reading: String, Codable, Sendable, CaseIterable {
        /// As they stand: two consistent tests confirm, whatever else was seen.
        case literal
        /// More careful than they ask for: nothing is confirmed that a test contradicts.
        case careful
    }

    public let reading: Reading

    public init(reading: Reading = .literal) { self.reading = reading }

    public var identity: ModelIdentity {
        ModelIdentity(
            provider: "scripted", endpoint: "in this process",
            model: "rule-inducer-1-\(reading.rawValue)")
    }

    public var capabilities: ModelCapabilities {
        ModelCapabilities(
            schema: true, tools: false, logProbabilities: false, seed: false, batch: false,
            promptCaching: false)
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let text: String
        if let sage = ScriptedSage(request.messages, reading: reading) {
            text = sage.answer
        } else if let roles = ScriptedRoles(request) {
            text = roles.text
        } else {
            throw ModelError(
                .rejected, model: identity.name,
                reason:
                    "the scripted model answers SAGE's and Conjecture's questions about texts only")
        }
        return ModelReply(
            text: text, finish: .complete,
            usage: TokenUsage(input: Self.tokens(in: request), output: Self.tokens(in: text)),
            model: identity.model)
    }

    static func tokens(in request: ModelRequest) -> Int {
        let schema = request.schema.map { $0.schema.document.text.utf8.count } ?? 0
        return tokens(bytes: request.messages.reduce(schema) { $0 + $1.text.utf8.count })
    }

    static func tokens(in text: String) -> Int { tokens(bytes: text.utf8.count) }

    private static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }
}
