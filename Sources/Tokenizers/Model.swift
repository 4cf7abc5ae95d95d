import JSON

/// A token that a model found in a piece: where in the piece, in bytes.
struct ModelToken: Hashable, Sendable {
    var id: Int32
    var start: Int32
    var end: Int32
    /// Whether the token's text is the piece's own, as it is of unknown text.
    var isVerbatim = false
}

/// Cuts a piece of text into tokens of the vocabulary.
///
/// - Source: the models of tokenizers 0.23. Parity: `Fixtures/*.lines.json`.
enum Model: Sendable {
    case bytePair(BytePairModel)
    case unigram(UnigramModel)
    case wordPiece(WordPieceModel)
    case wordLevel(WordLevelModel)

    var vocabulary: Vocabulary {
        switch self {
        case .bytePair(let model): model.vocabulary
        case .unigram(let model): model.vocabulary
        case .wordPiece(let model): model.vocabulary
        case .wordLevel(let model): model.vocabulary
        }
    }

    init(_ value: JSONValue, path: String) throws(TokenizerError) {
        var fields = try ComponentFields(value, path: path, place: "model")
        var type = try fields.optionalText("type") ?? ""
        if type.isEmpty { type = try Self.guessedType(&fields) }
        switch type {
        case "BPE": self = .bytePair(try BytePairModel(&fields))
        case "Unigram": self = .unigram(try UnigramModel(&fields))
        case "WordPiece": self = .wordPiece(try WordPieceModel(&fields))
        case "WordLevel": self = .wordLevel(try WordLevelModel(&fields))
        default: throw .unknownComponent(path: path, field: "model", type: type)
        }
        try fields.finish()
    }

    /// Old files name no type; only BPE has merges, so that no guess is needed there.
    private static func guessedType(
        _ fields: inout ComponentFields
    ) throws(TokenizerError) -> String {
        guard fields.present("merges") != nil else {
            throw fields.invalid("type", nil, "BPE, Unigram, WordPiece or WordLevel")
        }
        return "BPE"
    }
}

/// The tokens of a model, both ways.
struct Vocabulary: Sendable {
    private(set) var table: TokenTable
    /// Tokens by id; nil where there is none.
    private(set) var tokens: [String?]

    var count: Int { table.count }

    func id(_ token: String) -> Int32? { table[token] }

    func token(_ id: Int) -> String? { tokens.indices.contains(id) ? tokens[id] : nil }

    /// Reads an object of ids by token.
    init(_ fields: inout ComponentFields, _ field: String) throws(TokenizerError) {
        let value = fields.present(field)
        guard case .object(let members) = value else {
            throw fields.invalid(field, value, "an object of ids by token")
        }
        table = TokenTable(capacity: members.count)
        tokens = []
        let limit = members.count * 16 + 65536
        for member in members {
            guard case .integer(let id) = member.value, id >= 0, id < limit else {
                throw fields.invalid(
                    "\(field).\(member.name)", member.value, "a whole number from 0, below \(limit)"
                )
            }
            if id >= tokens.count {
                tokens += Array(repeating: nil, count: id + 1 - tokens.count)
            }
            if let other = tokens[id] {
                throw fields.unsupported(
                    "\(field).\(member.name)", "\(id)", "\"\(other)\" has the same id")
            }
            tokens[id] = member.name
            table.insert(member.name, Int32(id))
        }
    }

    /// A list of tokens in the order of their ids; of equal ones the last counts.
    init(_ list: [String]) {
        table = TokenTable(capacity: list.count)
        tokens = list
        for (id, token) in list.enumerated() { table.insert(token, Int32(id)) }
    }
}
