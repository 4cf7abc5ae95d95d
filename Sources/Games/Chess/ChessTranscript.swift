/// A game as the one line of characters that ChessGPT reads, ";1.e4 e5 2.Nf3 …", with the position
/// behind every character.
///
/// The line begins with ";", has no blank behind a move number and one between all else. A token is
/// a character; its number is the character's place in ``vocabulary``. The line may end within a
/// move, as games are cut to one length.
///
/// - Source: Karvonen, "Emergent world models and latent variable estimation in chess-playing
///   language models", 2024; `meta.pkl` and `create_state_stack` of SAE_BoardGameEval.
public struct ChessTranscript: Hashable, Sendable {
    /// The 32 characters, in the order of their tokens.
    public static let vocabulary = " #+-.0123456789;=BKNOQRabcdefghx"

    /// The longest text that is read, in characters.
    public static let characterLimit = 100_000

    public let text: String
    /// The complete moves of the text.
    public let moves: [ChessMove]
    /// The position before each move and after the last.
    public let positions: [ChessPosition]
    /// For each character, how many moves were complete at the last blank before it. A move counts
    /// from the blank that ends it, so that at the "." of a number White is to move.
    public let plies: [Int]

    /// The transcript of a game from the start.
    ///
    /// - Parameter characterLimit: the line is cut to so many characters; the paper reads 256.
    public init(_ game: ChessGame, characterLimit: Int = characterLimit) {
        precondition(game.start == .start, "a transcript begins at the start position")
        let words = game.san.enumerated().map { ply, san in
            ply % 2 == 0 ? "\(ply / 2 + 1).\(san)" : san
        }
        let line = String((";" + words.joined(separator: " ")).prefix(characterLimit))
        do {
            try self.init(line)
        } catch {
            preconditionFailure("the transcript of a legal game was refused: \(error)")
        }
    }

    /// Reads a transcript.
    ///
    /// What stands behind the last blank may be cut off: it is read as it stands, and left out
    /// where it is no legal move.
    ///
    /// - Throws: ``ChessError/unreadableTranscript(offset:_:)``.
    public init(_ text: String) throws(ChessError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.characterLimit else {
            throw ChessError.unreadableTranscript(
                offset: Self.characterLimit,
                .tooLong(characterCount: bytes.count, limit: Self.characterLimit))
        }
        _ = try Self.tokens(of: text)
        guard bytes.first == UInt8(ascii: ";") else {
            throw ChessError.unreadableTranscript(offset: 0, .opening)
        }
        var moves: [ChessMove] = []
        var positions = [ChessPosition.start]
        var offset = 1
        let words = bytes.dropFirst().split(separator: Self.blank, omittingEmptySubsequences: false)
        for (ply, word) in words.enumerated() {
            let isLast = ply == words.count - 1
            let move = try Self.move(
                word, ply: ply, in: positions[ply], offset: offset, mayBeCut: isLast)
            if let move {
                moves.append(move)
                positions.append(positions[ply].applying(move))
            }
            offset += word.count + 1
        }
        self.text = text
        self.moves = moves
        self.positions = positions
        var blankCount = 0
        plies = bytes.map { byte in
            if byte == Self.blank { blankCount += 1 }
            return blankCount
        }
    }

    /// Each character's token, 0 to 31.
    public var tokens: [Int] { text.utf8.compactMap { Self.vocabularyBytes.firstIndex(of: $0) } }

    /// Where the dots are: White is to move there, and the paper measures there.
    public var dots: [Int] {
        text.utf8.enumerated().filter { $0.element == UInt8(ascii: ".") }.map(\.offset)
    }

    /// The position at a character: after the moves that were complete at the last blank.
    public func position(atCharacter offset: Int) -> ChessPosition {
        positions[plies[offset]]
    }

    /// The tokens of a text, whether or not it is a transcript.
    ///
    /// - Throws: ``ChessError/unreadableTranscript(offset:_:)`` for the first other character.
    public static func tokens(of text: String) throws(ChessError) -> [Int] {
        var tokens: [Int] = []
        for character in text {
            guard let byte = character.asciiValue, let token = vocabularyBytes.firstIndex(of: byte)
            else {
                throw ChessError.unreadableTranscript(
                    offset: tokens.count, .character(ChessError.excerpt(of: String(character))))
            }
            tokens.append(token)
        }
        return tokens
    }

    /// The text of tokens; nil if one is outside the vocabulary.
    public static func text(ofTokens tokens: some Sequence<Int>) -> String? {
        var bytes: [UInt8] = []
        for token in tokens {
            guard vocabularyBytes.indices.contains(token) else { return nil }
            bytes.append(vocabularyBytes[token])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The move of a word, "12.Nf3" for White and "Nf3" for Black; nil for a last one cut short.
    private static func move(
        _ word: ArraySlice<UInt8>, ply: Int, in position: ChessPosition, offset: Int, mayBeCut: Bool
    ) throws(ChessError) -> ChessMove? {
        let number = ply % 2 == 0 ? "\(ply / 2 + 1)." : ""
        guard word.starts(with: number.utf8) else {
            if mayBeCut, number.utf8.starts(with: word) { return nil }
            throw ChessError.unreadableTranscript(offset: offset, .expected(number))
        }
        let san = String(decoding: word.dropFirst(number.utf8.count), as: UTF8.self)
        do {
            return try position.move(san: san)
        } catch {
            if mayBeCut { return nil }
            guard case .refusedMove(let shown, let fault, _) = error else {
                preconditionFailure("a move was refused as something else: \(error)")
            }
            throw ChessError.unreadableTranscript(
                offset: offset, .move(ply: ply + 1, shown, fault))
        }
    }

    private static let blank = UInt8(ascii: " ")
    private static let vocabularyBytes = Array(vocabulary.utf8)
}
