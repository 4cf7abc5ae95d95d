/// Reads the games of a PGN text one after the other.
///
/// The main line of each game is replayed by the rules. Comments, variations and annotation numbers
/// are read over. After a game that is refused, ``next()`` goes on with the next one, so that a
/// caller may count it and keep the others.
///
/// - Source: PGN standard (Edwards 1994), the import format.
public struct PGNReader {
    /// The longest line of a tag that is read, in UTF-8 bytes.
    public static let tagByteLimit = 1024
    /// The most tags of one game.
    public static let tagLimit = 256
    /// The deepest nesting of variations.
    public static let depthLimit = 64
    /// The most plies of one game; by the rule of 75 moves no game is longer than 17,697.
    public static let plyLimit = 20_000

    private var scanner: PGNScanner
    private var gameNumber = 0

    public init(_ text: String) {
        scanner = PGNScanner(Array(text.utf8))
    }

    /// All games of a text.
    ///
    /// - Throws: ``ChessError/unreadableGame(number:title:line:_:)`` for the first that is refused.
    public static func games(in text: String) throws(ChessError) -> [ChessGame] {
        var reader = PGNReader(text)
        var games: [ChessGame] = []
        while let game = try reader.next() { games.append(game) }
        return games
    }

    /// The next game; nil at the end of the text.
    ///
    /// - Throws: ``ChessError/unreadableGame(number:title:line:_:)``.
    public mutating func next() throws(ChessError) -> ChessGame? {
        gameNumber += 1
        var tags: [ChessGame.Tag] = []
        var isPastTags = false
        do {
            guard let first = try readTags(into: &tags) else { return nil }
            isPastTags = true
            return try readMoves(from: first, tags: tags)
        } catch {
            let line = scanner.line
            scanner.skipGame(isPastTags: isPastTags)
            throw ChessError.unreadableGame(
                number: gameNumber, title: Self.title(of: tags), line: line, error)
        }
    }

    /// - Returns: the token behind the tags; nil if the text has ended and there were none.
    private mutating func readTags(
        into tags: inout [ChessGame.Tag]
    ) throws(PGNFault) -> PGNToken? {
        while let token = try scanner.next() {
            guard case .tag(let tag) = token else { return token }
            guard tags.count < Self.tagLimit else {
                throw PGNFault.tooManyTags(limit: Self.tagLimit)
            }
            tags.append(tag)
        }
        if tags.isEmpty { return nil }
        throw PGNFault.noResult
    }

    private mutating func readMoves(
        from first: PGNToken, tags: [ChessGame.Tag]
    ) throws(PGNFault) -> ChessGame {
        let start = try Self.start(tags)
        var (position, moves, depth): (ChessPosition, [ChessMove], Int) = (start, [], 0)
        var token: PGNToken? = first
        while let current = token {
            switch current {
            case .tag:
                scanner.unread()
                throw PGNFault.noResult
            case .open:
                depth += 1
                guard depth <= Self.depthLimit else {
                    throw PGNFault.tooDeep(limit: Self.depthLimit)
                }
            case .close:
                guard depth > 0 else { throw PGNFault.unopened }
                depth -= 1
            case .result(let result) where depth == 0:
                return ChessGame(tags: tags, start: start, legalMoves: moves, result: result)
            case .symbol(let text) where depth == 0:
                guard moves.count < Self.plyLimit else {
                    throw PGNFault.tooManyMoves(limit: Self.plyLimit)
                }
                let move = try Self.move(text, in: position, ply: moves.count + 1)
                moves.append(move)
                position = position.applying(move)
            case .symbol, .result: break
            }
            token = try scanner.next()
        }
        throw depth > 0 ? PGNFault.unclosed("(") : PGNFault.noResult
    }

    private static func start(_ tags: [ChessGame.Tag]) throws(PGNFault) -> ChessPosition {
        guard let fen = tags.first(where: { $0.name == "FEN" })?.value else { return .start }
        do {
            return try ChessPosition(fen: fen)
        } catch {
            guard case .unreadableFEN(_, let fault) = error else {
                preconditionFailure("a FEN was refused as something else: \(error)")
            }
            throw PGNFault.start(fault)
        }
    }

    private static func move(
        _ text: String, in position: ChessPosition, ply: Int
    ) throws(PGNFault) -> ChessMove {
        do {
            return try position.move(san: text)
        } catch {
            guard case .refusedMove(let shown, let fault, _) = error else {
                preconditionFailure("a move was refused as something else: \(error)")
            }
            throw PGNFault.move(ply: ply, shown, fault)
        }
    }

    /// Who plays, for messages.
    private static func title(of tags: [ChessGame.Tag]) -> String {
        let players = ["White", "Black"].map { name in
            tags.first { $0.name == name }.map { ChessError.excerpt(of: $0.value) } ?? "?"
        }
        return players.joined(separator: " – ")
    }
}
