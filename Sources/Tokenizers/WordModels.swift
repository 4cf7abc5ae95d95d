/// The longest token first, then the longest that continues it, and so on; a word that has none is
/// unknown as a whole.
///
/// - Source: Wu et al. 2016; `models/wordpiece` of tokenizers 0.23.
struct WordPieceModel: Sendable {
    let vocabulary: Vocabulary
    private let unknown: String
    private let trie: ByteTrie
    /// Where in the trie the tokens go on that continue a word.
    private let continuation: Int32?
    private let lengthLimit: Int

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        vocabulary = try Vocabulary(&fields, "vocab")
        unknown = try fields.text("unk_token")
        var trie = ByteTrie(capacity: vocabulary.count)
        for (id, token) in vocabulary.tokens.enumerated() {
            if let token { trie.insert(token.utf8, Int32(id)) }
        }
        self.trie = trie
        continuation = trie.node(of: Array(try fields.text("continuing_subword_prefix").utf8))
        lengthLimit = try fields.count("max_input_chars_per_word")
    }

    /// - Complexity: O(n · m) for n bytes and tokens of up to m bytes.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        let first = tokens.count
        guard text.count(where: { $0 & 0xC0 != 0x80 }) <= lengthLimit else {
            return try addUnknown(text, to: &tokens)
        }
        var start = 0
        while start < text.count {
            guard let token = longest(text, from: start) else {
                tokens.removeSubrange(first...)
                return try addUnknown(text, to: &tokens)
            }
            tokens.append(token)
            start = Int(token.end)
        }
    }

    private func longest(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> ModelToken? {
        guard let root = start == 0 ? 0 : continuation else { return nil }
        var longest: ModelToken?
        trie.forEachMatch(text, from: start, below: root) { end, id in
            longest = ModelToken(id: id, start: Int32(start), end: Int32(end))
        }
        return longest
    }

    private func addUnknown(
        _ text: UnsafeBufferPointer<UInt8>, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        guard let id = vocabulary.id(unknown) else {
            throw .unknownCharacters(text: String(decoding: text, as: UTF8.self))
        }
        tokens.append(ModelToken(id: id, start: 0, end: Int32(text.count)))
    }
}

/// One token a piece.
///
/// - Source: `models/wordlevel` of tokenizers 0.23.
struct WordLevelModel: Sendable {
    let vocabulary: Vocabulary
    private let unknown: String

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        vocabulary = try Vocabulary(&fields, "vocab")
        unknown = try fields.text("unk_token")
    }

    func encode(
        _ text: UnsafeBufferPointer<UInt8>, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        guard let id = vocabulary.table[text] ?? vocabulary.id(unknown) else {
            throw .unknownCharacters(text: String(decoding: text, as: UTF8.self))
        }
        tokens.append(ModelToken(id: id, start: 0, end: Int32(text.count)))
    }
}
