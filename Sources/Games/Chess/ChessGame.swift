/// A recorded game: what is known of it, and its main line, checked against the rules.
public struct ChessGame: Hashable, Sendable {
    /// The tags in the order of the text, such as ("White", "Capablanca, Jose Raul").
    public let tags: [Tag]
    /// The position before the first move.
    public let start: ChessPosition
    public let moves: [ChessMove]
    public let result: ChessResult

    public struct Tag: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// - Parameter moves: legal in turn from `start`.
    /// - Throws: ``ChessError/refusedMove(_:_:fen:)`` for the first that is illegal.
    public init(
        tags: [Tag] = [], start: ChessPosition = .start, moves: [ChessMove],
        result: ChessResult = .unknown
    ) throws(ChessError) {
        var position = start
        for move in moves {
            guard let next = position.playing(move) else {
                throw ChessError.refusedMove(move.coordinates, .illegal, fen: position.fen)
            }
            position = next
        }
        self.init(tags: tags, start: start, legalMoves: moves, result: result)
    }

    init(tags: [Tag], start: ChessPosition, legalMoves: [ChessMove], result: ChessResult) {
        self.tags = tags
        self.start = start
        self.moves = legalMoves
        self.result = result
    }

    /// The first value of a tag.
    public func value(of name: String) -> String? {
        tags.first { $0.name == name }?.value
    }

    /// The position before each move and after the last: one more than there are moves.
    public var positions: [ChessPosition] {
        var positions = [start]
        positions.reserveCapacity(moves.count + 1)
        for move in moves { positions.append(positions[positions.count - 1].applying(move)) }
        return positions
    }

    /// The moves in standard algebraic notation.
    public var san: [String] { zip(positions, moves).compactMap { $0.san($1) } }
}

/// How a game ended.
public enum ChessResult: String, CaseIterable, Sendable {
    case whiteWins = "1-0"
    case blackWins = "0-1"
    case draw = "1/2-1/2"
    /// Not known, or the game goes on.
    case unknown = "*"
}
