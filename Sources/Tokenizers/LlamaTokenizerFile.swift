/// The `tokenizer.bin` of llama2.c: pieces with scores, merged by the best score.
///
/// The file holds the longest piece's length, then of each piece its score, its length and its
/// bytes, all numbers of four bytes, the low one first.
///
/// - Source: llama2.c `run.c` (`build_tokenizer`, `encode`, `decode`). Of equal pieces, of which
///   that program takes whichever its search meets, the lowest id counts here.
public struct LlamaTokenizerFile: Sendable {
    /// The pieces in the order of their ids, as bytes.
    public let pieces: [[UInt8]]
    public let scores: [Float]
    private let table: TokenTable

    public static let beginID = 1
    public static let endID = 2
    /// The id of byte 0; the others follow.
    private static let firstByteID = 3

    public init(path: String) throws(TokenizerError) {
        try self.init(bytes: try Tokenizer.read(path), path: path)
    }

    public init(bytes: [UInt8], path: String = "tokenizer.bin") throws(TokenizerError) {
        func flaw(_ place: String, _ reason: String) -> TokenizerError {
            .malformedFile(path: path, place: place, reason: reason)
        }
        func word(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 4 else { throw flaw("the header", "is cut short") }
        let longest = word(0)
        var pieces: [[UInt8]] = []
        var scores: [Float] = []
        var at = 4
        while at < bytes.count {
            let place = "piece \(pieces.count)"
            guard at + 8 <= bytes.count else { throw flaw(place, "is cut short") }
            let score = Float(bitPattern: word(at))
            let length = word(at + 4)
            guard score.isFinite else { throw flaw(place, "has a score that is no number") }
            guard length <= longest, Int(length) <= bytes.count - at - 8 else {
                throw flaw(place, "is \(length) bytes long, longer than the file allows")
            }
            at += 8
            pieces.append(Array(bytes[at..<at + Int(length)]))
            scores.append(score)
            at += Int(length)
        }
        guard pieces.count >= Self.firstByteID + 256 else {
            throw flaw("the vocabulary", "has \(pieces.count) pieces, too few for every byte")
        }
        self.pieces = pieces
        self.scores = scores
        var table = TokenTable(capacity: pieces.count)
        for (id, piece) in pieces.enumerated().reversed() { table.insert(piece, Int32(id)) }
        self.table = table
    }

    public var vocabularySize: Int { pieces.count }

    public func id(of piece: String) -> Int? { table[piece].map(Int.init) }

    /// The ids of a text.
    ///
    /// - Parameters:
    ///   - addBegin: whether to begin with ``beginID``.
    ///   - addEnd: whether to end with ``endID``.
    /// - Complexity: O(n log n) in the text's length.
    public func encode(_ text: String, addBegin: Bool, addEnd: Bool) -> [Int] {
        var symbols: [Int32] = []
        if addBegin { symbols.append(Int32(Self.beginID)) }
        if !text.isEmpty {
            // A text that lacks a piece for the space begins without one.
            if let space = table[" "] { symbols.append(space) }
            for scalar in text.unicodeScalars {
                let bytes = UTF8Text.encoded(scalar)
                if let id = table[bytes] {
                    symbols.append(id)
                } else {
                    symbols += bytes.map { Int32($0) + Int32(Self.firstByteID) }
                }
            }
        }
        var chain = ScoreChain(symbols)
        chain.merge { left, right in
            guard let id = table[pieces[Int(left)] + pieces[Int(right)]] else { return nil }
            // The search of the original begins at this score.
            return scores[Int(id)] > -1e10 ? (id, scores[Int(id)]) : nil
        }
        return chain.ids + (addEnd ? [Self.endID] : [])
    }

    /// The bytes of a token after another: right after the beginning a space is left out.
    public func bytes(of id: Int, after previous: Int?) -> [UInt8] {
        guard pieces.indices.contains(id) else { return [] }
        var piece = pieces[id]
        if previous == Self.beginID, piece.first == 0x20 { piece.removeFirst() }
        let isByte =
            piece.count == 6 && piece.starts(with: "<0x".utf8) && piece[5] == UInt8(ascii: ">")
        if isByte, let byte = UInt8(String(decoding: piece[3..<5], as: UTF8.self), radix: 16) {
            return [byte]
        }
        return piece
    }

    /// The text of tokens; bytes that are no UTF-8 become "�".
    public func decode(_ ids: [Int]) -> String {
        var result: [UInt8] = []
        var previous: Int?
        for id in ids {
            if id != Self.beginID, id != Self.endID { result += bytes(of: id, after: previous) }
            previous = id
        }
        return String(decoding: result, as: UTF8.self)
    }
}
