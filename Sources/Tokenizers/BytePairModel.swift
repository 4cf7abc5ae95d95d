import JSON

/// Byte-pair encoding: pairs of symbols merge in the order in which training merged them.
///
/// - Source: Sennrich et al. 2016; `models/bpe` of tokenizers 0.23.
struct BytePairModel: Sendable {
    let vocabulary: Vocabulary
    /// Of each pair of ids, the rank of the merge and the id it makes.
    let merges: PairTable
    let unknown: String?
    let fusesUnknown: Bool
    let fallsBackToBytes: Bool
    let ignoresMerges: Bool
    let prefix: [UInt8]
    let suffix: [UInt8]
    /// The ids of "<0x00>" to "<0xFF>", or −1.
    let fallbacks: [Int32]
    /// The id of each byte's character in the byte alphabet; empty unless all are tokens.
    let byteIDs: [Int32]
    /// Tokens of the byte alphabet by the bytes they spell.
    let spelled: TokenTable

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        if let dropout = fields.present("dropout"), dropout.number != 0 {
            throw fields.unsupported(
                "dropout", dropout.summary, "tokens would be drawn by chance; set it to null")
        }
        vocabulary = try Vocabulary(&fields, "vocab")
        unknown = try fields.optionalText("unk_token")
        fusesUnknown = try fields.flag("fuse_unk", default: false)
        fallsBackToBytes = try fields.flag("byte_fallback", default: false)
        ignoresMerges = try fields.flag("ignore_merges", default: false)
        prefix = Array((try fields.optionalText("continuing_subword_prefix") ?? "").utf8)
        suffix = Array((try fields.optionalText("end_of_word_suffix") ?? "").utf8)
        merges = try Self.merges(&fields, vocabulary, prefix)
        fallbacks = vocabulary.byteFallbacks
        let byteIDs = ByteAlphabet.standard.scalars.map { [vocabulary] scalar in
            var bytes: [UInt8] = []
            UTF8Text.append(scalar, to: &bytes)
            return vocabulary.table[bytes] ?? -1
        }
        let isComplete = byteIDs.allSatisfy { $0 >= 0 } && prefix.isEmpty && suffix.isEmpty
        self.byteIDs = isComplete ? byteIDs : []
        var spelled = TokenTable(capacity: vocabulary.count)
        for (id, token) in vocabulary.tokens.enumerated() {
            guard var token else { continue }
            if let bytes = token.withUTF8({ ByteAlphabet.standard.bytes(of: $0) }) {
                spelled.insert(bytes, Int32(id))
            }
        }
        self.spelled = spelled
    }

    /// Whether the model can work on bytes in place of the characters that spell them.
    var takesBytes: Bool { !byteIDs.isEmpty }

    private static func merges(
        _ fields: inout ComponentFields, _ vocabulary: Vocabulary, _ prefix: [UInt8]
    ) throws(TokenizerError) -> PairTable {
        var list = try fields.list("merges")
        // The first line of a "merges.txt" may have been carried along.
        list.removeAll { $0.string?.hasPrefix("#version") ?? false }
        var merges = PairTable(capacity: list.count)
        for (rank, value) in list.enumerated() {
            let place = "merges[\(rank)]"
            guard let (left, right) = pair(value) else {
                throw fields.invalid(place, value, "a pair of tokens")
            }
            let second = Array(right.utf8)
            guard prefix.count <= second.count else {
                throw fields.invalid(place, value, "a pair whose second has the prefix")
            }
            guard let a = vocabulary.id(left), let b = vocabulary.id(right),
                let whole = vocabulary.table[Array(left.utf8) + second.dropFirst(prefix.count)]
            else {
                throw fields.unsupported(
                    place, value.array == nil ? value.summary : "[\"\(left)\", \"\(right)\"]",
                    "a token of it, or what they merge to, is not in the vocabulary")
            }
            merges.insert(a, b, PairTable.Value(first: Int32(rank), second: whole))
        }
        return merges
    }

    /// Reads `"a b"` or `["a", "b"]`.
    private static func pair(_ value: JSONValue) -> (String, String)? {
        switch value {
        case .string(let text):
            let parts = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        case .array(let values):
            guard values.count == 2, let left = values[0].string, let right = values[1].string
            else { return nil }
            return (left, right)
        default: return nil
        }
    }
}

extension Vocabulary {
    /// The ids of "<0x00>" to "<0xFF>", or −1.
    var byteFallbacks: [Int32] {
        (0..<256).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return id("<0x\(digits.count < 2 ? "0" : "")\(digits)>") ?? -1
        }
    }
}
