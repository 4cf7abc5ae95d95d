import HTTP
import JSON

/// Reads a server's JSON within bounds, and says which field is wrong.
struct ReplyFields: Sendable {
    /// The most tokens of one text.
    static let tokenLimit = 8192
    /// The most bytes of one token.
    static let tokenLength = 1024

    let server: String

    func json(_ reply: HTTPReply) throws(InstrumentError) -> JSONValue {
        do {
            return try JSONValue(parsing: reply.body)
        } catch {
            throw bad("body", "is not JSON: it \(error)")
        }
    }

    func bad(_ place: String, _ reason: String) -> InstrumentError {
        .badReply(server: server, place: place, reason: reason)
    }

    func list(_ value: JSONValue?, _ place: String) throws(InstrumentError) -> [JSONValue] {
        guard let list = value?.array else {
            throw bad(place, "is \(value?.summary ?? "absent"), not a list")
        }
        return list
    }

    /// Tokens and values of one text, of equal number.
    func reading(
        tokens: JSONValue?, special: JSONValue?, values: JSONValue?
    ) throws(InstrumentError) -> RemoteReading {
        let tokens = try self.tokens(tokens, "tokens")
        let values = try numbers(values, "values")
        guard tokens.count == values.count else {
            throw bad("values", "are \(values.count) for \(tokens.count) tokens")
        }
        var marks: [Bool]?
        if let special, special != .null {
            let list = try list(special, "tokensIsSpecial").map(\.bool)
            guard list.count == tokens.count, list.allSatisfy({ $0 != nil }) else {
                throw bad("tokensIsSpecial", "does not say true or false of each token")
            }
            marks = list.map { $0 == true }
        }
        return RemoteReading(tokens: tokens, special: marks, values: values)
    }

    func tokens(_ value: JSONValue?, _ place: String) throws(InstrumentError) -> [String] {
        let list = try list(value, place)
        guard list.count <= Self.tokenLimit else {
            throw bad(place, "are \(list.count), more than \(Self.tokenLimit)")
        }
        var tokens: [String] = []
        for value in list {
            guard let token = value.string, token.utf8.count <= Self.tokenLength else {
                throw bad(place, "hold \(value.summary), which is no token")
            }
            tokens.append(token)
        }
        return tokens
    }

    func numbers(_ value: JSONValue?, _ place: String) throws(InstrumentError) -> [Float] {
        let list = try list(value, place)
        guard list.count <= Self.tokenLimit else {
            throw bad(place, "are \(list.count), more than \(Self.tokenLimit)")
        }
        var numbers: [Float] = []
        for value in list {
            guard let number = value.number, Float(number).isFinite else {
                throw bad(place, "hold \(value.summary), which is no finite number")
            }
            numbers.append(Float(number))
        }
        return numbers
    }

    /// What a refusal says, in the server's own words.
    static func words(_ reply: HTTPReply, without key: ServerKey?) -> String {
        let value = try? JSONValue(parsing: Array(reply.body.prefix(65_536)))
        let text = ["error", "message", "detail"].compactMap { value?[$0]?.string }.first
        let words = text ?? String(reply.text.prefix(200))
        return words.isEmpty ? "without a word" : ServerKey.clean(words, without: key)
    }

    /// Whether a refusal is about the length of a text.
    static func isAboutLength(_ words: String) -> Bool {
        let words = words.lowercased()
        return words.contains("too long") || words.contains("tokens, max")
            || words.contains("token limit")
    }
}
