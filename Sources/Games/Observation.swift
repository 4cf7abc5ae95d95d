/// What the player to move next, the mover, sees of a position.
///
/// Everything a ``BoardProperty`` needs, as sets of frame bits and counts, so that each property is
/// one word operation. If the game is over, the mover is the opponent of whoever moved last.
public struct Observation: Hashable, Sendable {
    /// Squares with the mover's discs.
    public let mine: UInt64
    /// Squares with the opponent's discs.
    public let theirs: UInt64
    /// Squares of the board without a disc.
    public let empty: UInt64
    /// The square played last; no square at the start.
    public let justPlayed: UInt64
    /// The discs turned over by the last move.
    public let justFlipped: UInt64
    /// The squares the mover may play.
    public let legalNext: UInt64
    /// The square played before the last one, a single bit; none before the second move.
    public let previouslyPlayed: UInt64
    /// The squares that the mover has played, whoever holds them now.
    public let playedByMover: UInt64
    /// Moves played so far.
    public let moveNumber: Int
    /// Discs turned over by the last move.
    public let flippedCount: Int
    /// The mover's discs.
    public let mineCount: Int
    /// The opponent's discs.
    public let theirsCount: Int
    /// Moves the mover may choose from.
    public let legalCount: Int
    /// Corners with the mover's disc.
    public let cornersMineCount: Int
    /// Corners with the opponent's disc.
    public let cornersTheirsCount: Int
    /// Whether the mover plays Black.
    public let moverIsBlack: Bool
    /// Whether the opponent had to pass, so that the mover plays twice running.
    public let passed: Bool

    /// - Complexity: O(1), one generation of legal moves.
    public init(_ position: Position, on rules: Othello) {
        moverIsBlack = position.blackToMove
        mine = moverIsBlack ? position.black : position.white
        theirs = moverIsBlack ? position.white : position.black
        empty = rules.mask & ~(mine | theirs)
        justPlayed = position.lastMove?.mask ?? 0
        justFlipped = position.lastFlipped
        legalNext = position.legalMoves(on: rules)
        previouslyPlayed = position.previousMove?.mask ?? 0
        playedByMover =
            moverIsBlack
            ? position.playedByBlack : ~(empty | rules.centre | position.playedByBlack) & rules.mask
        moveNumber = position.moveCount
        flippedCount = justFlipped.nonzeroBitCount
        mineCount = mine.nonzeroBitCount
        theirsCount = theirs.nonzeroBitCount
        legalCount = legalNext.nonzeroBitCount
        cornersMineCount = (mine & rules.corners).nonzeroBitCount
        cornersTheirsCount = (theirs & rules.corners).nonzeroBitCount
        passed = position.passed
    }
}
