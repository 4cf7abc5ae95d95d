/// A piece of the text that the model will see as one, or a token that was found in the text.
struct Piece: Sendable {
    /// The passage it is a range of.
    var passage: Int
    var start: Int
    var end: Int
    /// Where in the original text it begins.
    var origin: Int
    /// The added token that the piece is, or −1.
    var added: Int32 = -1
    /// Whether the model is to see the bytes as characters of the ``ByteAlphabet``; they are spelled
    /// only where somebody looks.
    var isByteLevel = false
}

/// A text on its way to the model: passages, and the pieces they are cut into.
///
/// - Source: `PreTokenizedString` of tokenizers 0.23.
struct PieceList: Sendable {
    private(set) var passages: [Passage] = []
    private(set) var pieces: [Piece] = []

    init() {}

    /// Adds a passage and returns its number.
    mutating func add(_ passage: Passage) -> Int {
        passages.append(passage)
        return passages.count - 1
    }

    mutating func add(_ piece: Piece) {
        if piece.start < piece.end { pieces.append(piece) }
    }

    /// A part of a passage as a piece.
    func piece(_ passage: Int, _ range: Range<Int>) -> Piece {
        let origin = range.isEmpty ? 0 : passages[passage].original(range).start
        return Piece(
            passage: passage, start: range.lowerBound, end: range.upperBound, origin: origin)
    }

    func text(_ piece: Piece) -> ArraySlice<UInt8> {
        passages[piece.passage].bytes[piece.start..<piece.end]
    }

    /// Cuts each piece that is no token yet at the runs that `pattern` finds in it.
    mutating func split(
        _ pattern: TextPattern, _ behaviour: SplitBehaviour, isInverted: Bool = false
    ) throws(TokenizerError) {
        try split(behaviour, isInverted: isInverted) { text, runs throws(TokenizerError) in
            try pattern.addRuns(in: text, to: &runs)
        }
    }

    /// Cuts each piece at the scalars that satisfy `isDelimiter`.
    mutating func split(_ behaviour: SplitBehaviour, at isDelimiter: (UInt32) -> Bool) {
        let result = Result { () throws(TokenizerError) in
            try split(behaviour, isInverted: false) { text, runs in
                var start = 0
                var at = 0
                while at < text.count {
                    let (scalar, length) = UTF8Text.scalar(text, at)
                    if isDelimiter(scalar) {
                        if start < at { runs.append(Run(start: start, end: at, isMatch: false)) }
                        runs.append(Run(start: at, end: at + length, isMatch: true))
                        start = at + length
                    }
                    at += length
                }
                if start < at { runs.append(Run(start: start, end: at, isMatch: false)) }
            }
        }
        // Looking at scalars cannot fail.
        if case .failure = result { pieces = [] }
    }

    private mutating func split(
        _ behaviour: SplitBehaviour, isInverted: Bool,
        _ find: (UnsafeBufferPointer<UInt8>, inout [Run]) throws(TokenizerError) -> Void
    ) throws(TokenizerError) {
        spell()
        var split: [Piece] = []
        split.reserveCapacity(pieces.count)
        var runs: [Run] = []
        for piece in pieces {
            guard piece.added < 0 else {
                split.append(piece)
                continue
            }
            runs.removeAll(keepingCapacity: true)
            let result = text(piece).withUnsafeBufferPointer { text in
                Result { () throws(TokenizerError) in try find(text, &runs) }
            }
            try result.get()
            if isInverted { for at in runs.indices { runs[at].isMatch.toggle() } }
            for run in behaviour.pieces(of: runs) where run.start < run.end {
                var part = piece
                part.start = piece.start + run.start
                part.end = piece.start + run.end
                part.origin = Int(passages[piece.passage].span(part.start).start)
                split.append(part)
            }
        }
        pieces = split
    }

    /// Changes the text of each piece that is no token yet and that `condition` picks.
    mutating func edit(
        where condition: (Piece, ArraySlice<UInt8>) -> Bool, _ change: (inout Passage) -> Void
    ) {
        spell()
        for at in pieces.indices where pieces[at].added < 0 {
            let piece = pieces[at]
            guard condition(piece, text(piece)) else { continue }
            var passage = Passage(
                passages[piece.passage], piece.start..<piece.end, origin: piece.origin)
            change(&passage)
            pieces[at].start = 0
            pieces[at].end = passage.bytes.count
            pieces[at].passage = add(passage)
        }
        pieces.removeAll { $0.start == $0.end }
    }

    /// From here on the model sees the characters of the byte alphabet.
    mutating func markByteLevel() {
        spell()
        for at in pieces.indices where pieces[at].added < 0 { pieces[at].isByteLevel = true }
    }

    /// Writes out the byte alphabet where it was promised, for what looks at the text next.
    mutating func spell() {
        guard pieces.contains(where: \.isByteLevel) else { return }
        for at in pieces.indices where pieces[at].isByteLevel {
            let piece = pieces[at]
            var passage = Passage(
                passages[piece.passage], piece.start..<piece.end, origin: piece.origin)
            ByteAlphabet.standard.spell(&passage)
            pieces[at].passage = add(passage)
            pieces[at].start = 0
            pieces[at].end = passage.bytes.count
            pieces[at].isByteLevel = false
        }
    }
}
