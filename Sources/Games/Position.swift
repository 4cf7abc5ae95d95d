/// An Othello position as two bit sets of frame squares, with what the last move did.
///
/// The player to move can move whenever either player can: a pass is applied silently, as part of
/// the move before it. Once the game is over, the player to move is the opponent of the last mover.
/// A value starts at ``Othello/start`` and grows by ``playing(_:on:)``; nothing here allocates.
public struct Position: Hashable, Sendable {
    /// The squares with a black disc.
    public let black: UInt64
    /// The squares with a white disc.
    public let white: UInt64
    /// Whether Black plays next.
    public let blackToMove: Bool
    /// Moves played so far; passes are not moves.
    public let moveCount: Int
    /// The square played last; nil at the start.
    public let lastMove: Square?
    /// The discs the last move turned over, without the disc it placed.
    public let lastFlipped: UInt64
    /// The square played before the last one, by whoever played it.
    public let previousMove: Square?
    /// The squares that Black has played, whoever holds them now.
    public let playedByBlack: UInt64
    /// Whether a pass followed the last move, so that its player moves again.
    public let passed: Bool

    /// Black first, the four centre squares filled crosswise: D5 and E4 of the 8×8 board are black.
    static let start = Position(
        black: 1 << 28 | 1 << 35, white: 1 << 27 | 1 << 36, blackToMove: true, moveCount: 0,
        lastMove: nil, lastFlipped: 0, previousMove: nil, playedByBlack: 0, passed: false)

    /// The squares the player to move may play; empty exactly when the game is over.
    ///
    /// - Complexity: O(1), about 150 word operations.
    public func legalMoves(on rules: Othello) -> UInt64 {
        blackToMove
            ? Bitboard.legalMoves(of: black, against: white, within: rules.mask)
            : Bitboard.legalMoves(of: white, against: black, within: rules.mask)
    }

    /// Whether neither player can move.
    public func isOver(on rules: Othello) -> Bool { legalMoves(on: rules) == 0 }

    /// The position after the player to move plays `square` and the turn is settled.
    ///
    /// - Returns: nil if the move is illegal.
    public func playing(_ square: Square, on rules: Othello) -> Position? {
        let disc = square.mask
        guard disc & rules.mask & ~(black | white) != 0 else { return nil }
        let mine = blackToMove ? black : white
        let theirs = blackToMove ? white : black
        let flipped = Bitboard.flips(of: disc, mine: mine, theirs: theirs)
        guard flipped != 0 else { return nil }
        let mineNow = mine | disc | flipped
        let theirsNow = theirs & ~flipped
        let replies = Bitboard.legalMoves(of: theirsNow, against: mineNow, within: rules.mask)
        let passes =
            replies == 0
            && Bitboard.legalMoves(of: mineNow, against: theirsNow, within: rules.mask) != 0
        return Position(
            black: blackToMove ? mineNow : theirsNow, white: blackToMove ? theirsNow : mineNow,
            blackToMove: blackToMove == passes, moveCount: moveCount + 1, lastMove: square,
            lastFlipped: flipped, previousMove: lastMove,
            playedByBlack: blackToMove ? playedByBlack | disc : playedByBlack, passed: passes)
    }
}

/// Moves and flips by parallel shifts of whole boards; kept beside `Position` so that they inline.
///
/// Sideways and slanting runs are confined to the columns B to G of the frame: a run of turned
/// discs never includes the first or the last square of a row, so no shift wraps round an edge.
private enum Bitboard {
    static let innerColumns: UInt64 = 0x7E7E_7E7E_7E7E_7E7E

    static func legalMoves(
        of mine: UInt64, against theirs: UInt64, within mask: UInt64
    ) -> UInt64 {
        let inner = theirs & innerColumns
        let ends =
            up(run(up: mine, through: inner, 1), 1) | down(run(down: mine, through: inner, 1), 1)
            | up(run(up: mine, through: inner, 7), 7) | down(run(down: mine, through: inner, 7), 7)
            | up(run(up: mine, through: inner, 9), 9) | down(run(down: mine, through: inner, 9), 9)
            | up(run(up: mine, through: theirs, 8), 8)
            | down(run(down: mine, through: theirs, 8), 8)
        return ends & mask & ~(mine | theirs)
    }

    static func flips(of disc: UInt64, mine: UInt64, theirs: UInt64) -> UInt64 {
        let inner = theirs & innerColumns
        return bracketed(up: disc, mine, inner, 1) | bracketed(down: disc, mine, inner, 1)
            | bracketed(up: disc, mine, inner, 7) | bracketed(down: disc, mine, inner, 7)
            | bracketed(up: disc, mine, inner, 9) | bracketed(down: disc, mine, inner, 9)
            | bracketed(up: disc, mine, theirs, 8) | bracketed(down: disc, mine, theirs, 8)
    }

    /// The run of `through` that starts next to `disc`, if a disc of `mine` closes it.
    @inline(__always)
    private static func bracketed(
        up disc: UInt64, _ mine: UInt64, _ through: UInt64, _ step: UInt64
    ) -> UInt64 {
        let turned = run(up: disc, through: through, step)
        return up(turned, step) & mine != 0 ? turned : 0
    }

    @inline(__always)
    private static func bracketed(
        down disc: UInt64, _ mine: UInt64, _ through: UInt64, _ step: UInt64
    ) -> UInt64 {
        let turned = run(down: disc, through: through, step)
        return down(turned, step) & mine != 0 ? turned : 0
    }

    /// Up to six discs of `through` in a row, counted from each square of `from`.
    @inline(__always)
    private static func run(
        up from: UInt64, through: UInt64, _ step: UInt64
    ) -> UInt64 {
        var reached = up(from, step) & through
        reached |= up(reached, step) & through
        reached |= up(reached, step) & through
        reached |= up(reached, step) & through
        reached |= up(reached, step) & through
        reached |= up(reached, step) & through
        return reached
    }

    @inline(__always)
    private static func run(
        down from: UInt64, through: UInt64, _ step: UInt64
    ) -> UInt64 {
        var reached = down(from, step) & through
        reached |= down(reached, step) & through
        reached |= down(reached, step) & through
        reached |= down(reached, step) & through
        reached |= down(reached, step) & through
        reached |= down(reached, step) & through
        return reached
    }

    @inline(__always)
    private static func up(_ set: UInt64, _ step: UInt64) -> UInt64 { set &<< step }

    @inline(__always)
    private static func down(_ set: UInt64, _ step: UInt64) -> UInt64 { set &>> step }
}
