import JSON

/// The segmentation of highest probability under a unigram language model.
///
/// - Source: Kudo 2018; `models/unigram` of tokenizers 0.23 (its "optimized" Viterbi).
struct UnigramModel: Sendable {
    let vocabulary: Vocabulary
    private let scores: [Double]
    private let trie: ByteTrie
    private let unknown: Int32?
    private let unknownScore: Double
    private let fallbacks: [Int32]?

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        var tokens: [String] = []
        var scores: [Double] = []
        for (id, value) in try fields.list("vocab").enumerated() {
            guard let pair = value.array, pair.count == 2, let token = pair[0].string,
                let score = pair[1].number
            else { throw fields.invalid("vocab[\(id)]", value, "a token and its score") }
            tokens.append(token)
            scores.append(score)
        }
        vocabulary = Vocabulary(tokens)
        self.scores = scores
        var trie = ByteTrie(capacity: tokens.count)
        for (id, token) in tokens.enumerated() { trie.insert(token.utf8, Int32(id)) }
        self.trie = trie
        unknown = fields.present("unk_id") == nil ? nil : Int32(try fields.count("unk_id"))
        if let unknown, unknown >= tokens.count {
            throw fields.invalid(
                "unk_id", .integer(Int(unknown)), "below the \(tokens.count) tokens there are")
        }
        unknownScore = (scores.min() ?? .infinity) - 10
        fallbacks =
            try fields.flag("byte_fallback", default: false) ? vocabulary.byteFallbacks : nil
    }

    private struct Node {
        var id: Int32 = 0
        var start: Int32 = -1
        var score = 0.0
    }

    /// - Complexity: O(n · m) for n bytes and tokens of up to m bytes.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        let nodes = try bestPaths(text)
        var pieces: [ModelToken] = []
        var end = Int32(text.count)
        while end > 0 {
            let node = nodes[Int(end)]
            let isUnknown = node.id == unknown
            if isUnknown, let last = pieces.last, last.id == node.id, last.start == end {
                pieces[pieces.count - 1].start = node.start
            } else {
                pieces.append(ModelToken(id: node.id, start: node.start, end: end))
            }
            end = node.start
        }
        for piece in pieces.reversed() { try add(piece, text, to: &tokens) }
    }

    private func bestPaths(
        _ text: UnsafeBufferPointer<UInt8>
    ) throws(TokenizerError) -> [Node] {
        var nodes = [Node](repeating: Node(), count: text.count + 1)
        var start = 0
        func consider(_ end: Int, _ id: Int32, _ score: Double) {
            guard nodes[end].start < 0 || score > nodes[end].score else { return }
            nodes[end] = Node(id: id, start: Int32(start), score: score)
        }
        while start < text.count {
            let (_, length) = UTF8Text.scalar(text, start)
            let base = nodes[start].score
            var hasSingle = false
            trie.forEachMatch(text, from: start) { end, id in
                consider(end, id, scores[Int(id)] + base)
                if end - start == length { hasSingle = true }
            }
            if !hasSingle {
                guard let unknown else {
                    let part = text[start..<start + length]
                    throw .unknownCharacters(text: String(decoding: part, as: UTF8.self))
                }
                consider(start + length, unknown, unknownScore + base)
            }
            start += length
        }
        return nodes
    }

    private func add(
        _ piece: ModelToken, _ text: UnsafeBufferPointer<UInt8>, to tokens: inout [ModelToken]
    ) throws(TokenizerError) {
        let part = UnsafeBufferPointer(rebasing: text[Int(piece.start)..<Int(piece.end)])
        if let id = vocabulary.table[part] {
            tokens.append(ModelToken(id: id, start: piece.start, end: piece.end))
        } else if let fallbacks, part.allSatisfy({ fallbacks[Int($0)] >= 0 }) {
            for byte in part {
                tokens.append(
                    ModelToken(id: fallbacks[Int(byte)], start: piece.start, end: piece.end))
            }
        } else {
            guard let unknown else {
                throw .unknownCharacters(text: String(decoding: part, as: UTF8.self))
            }
            tokens.append(
                ModelToken(id: unknown, start: piece.start, end: piece.end, isVerbatim: true))
        }
    }
}
