import JSON

/// A hypothesis as a model proposes it. Whether the formula can be read is for the domain to say.
public struct ProposedHypothesis: Hashable, Sendable {
    public let formula: String
    public let statement: String
    /// What would refute it, in words.
    public let refutedBy: String

    /// - Parameter place: of `json` in the reply, for messages.
    init(_ json: JSONValue, at place: String) throws(ReplyFaults) {
        func text(_ name: String) throws(ReplyFaults) -> String {
            guard let text = json[name]?.string, text.contains(where: { !$0.isWhitespace }) else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "\(place).\(name)", reason: "must be a text that is not blank")
                ])
            }
            return text
        }
        formula = try text("formula")
        statement = try text("statement")
        refutedBy = try text("refuted_by")
    }
}
