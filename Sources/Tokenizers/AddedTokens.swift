import JSON

/// A token that is found in the text as it stands, before the text is split.
public struct AddedToken: Hashable, Sendable {
    public let id: Int
    public let content: String
    /// Whether it is found only between characters that are no word's.
    public let isSingleWord: Bool
    /// Whether it takes white space before it along.
    public let stripsLeft: Bool
    /// Whether it takes white space behind it along.
    public let stripsRight: Bool
    /// Whether it is looked for in the normalised text, itself normalised.
    public let isNormalised: Bool
    /// Whether `decode` can leave it out.
    public let isSpecial: Bool
}

/// The added tokens of a tokenizer.
///
/// - Source: `tokenizer/added_vocabulary.rs` of tokenizers 0.23.
struct AddedTokens: Sendable {
    private(set) var tokens: [AddedToken] = []
    /// Positions in `tokens` by content.
    private(set) var table = TokenTable(capacity: 0)
    private(set) var indexByID: [Int32: Int] = [:]
    /// Contents in normal form, where it differs.
    private(set) var normalForms: [Int32: String] = [:]
    private var specials = TokenTable(capacity: 0)
    private var verbatim = ByteTrie(capacity: 0)
    private var normalised = ByteTrie(capacity: 0)

    init(
        _ values: [JSONValue], path: String, _ vocabulary: Vocabulary, _ normaliser: Normaliser?
    ) throws(TokenizerError) {
        var nextID = vocabulary.count
        for (index, value) in values.enumerated() {
            let place = "added_tokens[\(index)]"
            var fields = try ComponentFields(value, path: path, place: place)
            let token = try AddedToken(&fields)
            try fields.finish()
            if table[token.content] != nil {
                throw fields.unsupported("content", "\"\(token.content)\"", "it is there twice")
            }
            var expected = vocabulary.id(token.content).map(Int.init)
            if expected == nil {
                expected = nextID
                nextID += 1
            }
            guard token.id == expected else {
                throw fields.invalid(
                    "id", .integer(token.id),
                    "\(expected ?? 0), by the vocabulary and the order of the added tokens")
            }
            try add(token, normaliser, fields)
        }
    }

    private mutating func add(
        _ token: AddedToken, _ normaliser: Normaliser?, _ fields: ComponentFields
    ) throws(TokenizerError) {
        let id = Int32(token.id)
        let index = tokens.count
        table.insert(token.content, Int32(index))
        indexByID[id] = index
        tokens.append(token)
        if token.isSpecial { specials.insert(token.content, id) }
        var content = Array(token.content.utf8)
        if token.isNormalised, let normaliser {
            var passage = Passage(content, origin: 0)
            try normaliser.apply(to: &passage)
            if passage.bytes != content {
                content = passage.bytes
                normalForms[id] = String(decoding: content, as: UTF8.self)
            }
        }
        guard !content.isEmpty else {
            throw fields.unsupported("content", "\"\(token.content)\"", "it normalises to nothing")
        }
        let first = content.withUnsafeBufferPointer { UTF8Text.scalar($0, 0).0 }
        let beginsWithSpace = ScalarClasses.standard.has(ScalarClasses.Flags.space, first)
        guard !token.stripsRight || !beginsWithSpace else {
            throw fields.unsupported(
                "rstrip", "true",
                "the token begins with white space, so it would be found again in what it takes")
        }
        let before =
            token.isNormalised
            ? normalised.insert(content, Int32(index)) : verbatim.insert(content, Int32(index))
        guard before == nil else {
            throw fields.unsupported(
                "content", "\"\(token.content)\"", "it normalises to the same as another")
        }
    }

    func token(id: Int) -> AddedToken? {
        Int32(exactly: id).flatMap { indexByID[$0] }.map { tokens[$0] }
    }

    func token(content: String) -> AddedToken? { table[content].map { tokens[Int($0)] } }

    func isSpecial(_ text: String) -> Bool { specials[text] != nil }

    /// Cuts a text at the tokens that are looked for as they stand, normalises what lies between,
    /// and cuts that at the others.
    func pieces(
        of text: [UInt8], _ normaliser: Normaliser?
    ) throws(TokenizerError) -> PieceList {
        var list = PieceList()
        let whole = list.add(Passage(text, origin: 0))
        for run in find(verbatim, in: text) {
            let piece = list.piece(whole, run.start..<run.end)
            guard run.token < 0, piece.start < piece.end else {
                addToken(run, piece, to: &list)
                continue
            }
            var passage = list.passages[whole]
            var index = whole
            if normaliser != nil || run.start > 0 || run.end < text.count {
                passage = Passage(passage, run.start..<run.end, origin: piece.origin)
                try normaliser?.apply(to: &passage)
                index = list.add(passage)
            }
            for run in find(normalised, in: passage.bytes) {
                addToken(run, list.piece(index, run.start..<run.end), to: &list)
            }
        }
        return list
    }

    private func addToken(_ run: Found, _ piece: Piece, to list: inout PieceList) {
        var piece = piece
        piece.added = run.token < 0 ? -1 : Int32(tokens[run.token].id)
        list.add(piece)
    }

    /// A run of text, and the position of the token that it is, or −1.
    private struct Found {
        var start: Int
        var end: Int
        var token = -1
    }

    private func find(_ trie: ByteTrie, in text: [UInt8]) -> [Found] {
        guard !trie.isEmpty else { return [Found(start: 0, end: text.count)] }
        return text.withUnsafeBufferPointer { text in find(trie, in: text) }
    }

    private func find(_ trie: ByteTrie, in text: UnsafeBufferPointer<UInt8>) -> [Found] {
        var found: [Found] = []
        var covered = 0
        var at = 0
        while at < text.count {
            var end = at
            var index = -1
            if trie.mayBegin(with: text[at]) {
                trie.forEachMatch(text, from: at) { matchEnd, value in
                    end = matchEnd
                    index = Int(value)
                }
            }
            guard index >= 0 else {
                at += 1
                continue
            }
            if let match = widen(at, end, tokens[index], text, covered) {
                if covered < match.start { found.append(Found(start: covered, end: match.start)) }
                found.append(Found(start: match.start, end: match.end, token: index))
                covered = match.end
            }
            at = end
        }
        if covered != text.count { found.append(Found(start: covered, end: text.count)) }
        return found
    }

    /// A match with the white space that it takes along, or nil if it is within a word.
    private func widen(
        _ start: Int, _ end: Int, _ token: AddedToken, _ text: UnsafeBufferPointer<UInt8>,
        _ covered: Int
    ) -> (start: Int, end: Int)? {
        let classes = ScalarClasses.standard
        func has(_ flag: UInt32, _ at: Int) -> Bool {
            classes.has(flag, UTF8Text.scalar(text, at).0)
        }
        let word = ScalarClasses.Flags.plainWord
        if token.isSingleWord {
            if start > 0, has(word, UTF8Text.start(text, before: start)) { return nil }
            if end < text.count, has(word, end) { return nil }
        }
        let space = ScalarClasses.Flags.space
        var (start, end) = (start, end)
        if token.stripsLeft {
            while start > covered, has(space, UTF8Text.start(text, before: start)) {
                start = UTF8Text.start(text, before: start)
            }
            start = max(start, covered)
        }
        if token.stripsRight {
            while end < text.count, has(space, end) { end += UTF8Text.scalar(text, end).1 }
        }
        return (start, end)
    }
}

extension AddedToken {
    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        id = try fields.count("id")
        content = try fields.text("content")
        isSingleWord = try fields.flag("single_word")
        stripsLeft = try fields.flag("lstrip")
        stripsRight = try fields.flag("rstrip")
        isNormalised = try fields.flag("normalized")
        isSpecial = try fields.flag("special")
        guard !content.isEmpty else {
            throw fields.invalid("content", .string(""), "a text, not empty")
        }
    }
}
