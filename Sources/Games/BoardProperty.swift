/// One atomic statement about what the mover sees of a board.
///
/// Its canonical text is ``formula(on:)``, read back by ``parse(_:on:)``; plain words come from
/// ``sentence(on:negated:)``. ``catalogue(for:)`` lists the ones worth asking about.
public enum BoardProperty: Hashable, Comparable, Sendable {
    /// The square holds the mover's disc.
    case mine(Square)
    /// The square holds the opponent's disc.
    case theirs(Square)
    /// The square holds no disc.
    case empty(Square)
    /// The square was played last.
    case justPlayed(Square)
    /// The disc on the square was turned over by the last move.
    case justFlipped(Square)
    /// The mover may play the square.
    case legalNext(Square)
    /// The square was played one move before the last.
    case previouslyPlayed(Square)
    /// The mover has played the square at some time, whoever holds it now.
    case playedByMover(Square)
    /// At least so many moves have been played.
    case moveNumberAtLeast(Int)
    /// The last move turned over at least so many discs.
    case flippedAtLeast(Int)
    /// The mover has at least so many legal moves.
    case legalAtLeast(Int)
    /// The mover has at least so many discs.
    case mineAtLeast(Int)
    /// The mover's discs minus the opponent's are at least so many; may be below 0.
    case leadAtLeast(Int)
    /// The mover holds at least so many corners.
    case cornersMineAtLeast(Int)
    /// The opponent holds at least so many corners.
    case cornersTheirsAtLeast(Int)
    /// The mover plays Black.
    case moverIsBlack
    /// The opponent had to pass after the mover's last move.
    case passed

    /// Whether the property holds.
    ///
    /// - Complexity: O(1).
    public func holds(in seen: Observation) -> Bool {
        switch self {
        case .mine(let square): seen.mine & square.mask != 0
        case .theirs(let square): seen.theirs & square.mask != 0
        case .empty(let square): seen.empty & square.mask != 0
        case .justPlayed(let square): seen.justPlayed & square.mask != 0
        case .justFlipped(let square): seen.justFlipped & square.mask != 0
        case .legalNext(let square): seen.legalNext & square.mask != 0
        case .previouslyPlayed(let square): seen.previouslyPlayed & square.mask != 0
        case .playedByMover(let square): seen.playedByMover & square.mask != 0
        case .moveNumberAtLeast(let count): seen.moveNumber >= count
        case .flippedAtLeast(let count): seen.flippedCount >= count
        case .legalAtLeast(let count): seen.legalCount >= count
        case .mineAtLeast(let count): seen.mineCount >= count
        case .leadAtLeast(let lead): seen.mineCount - seen.theirsCount >= lead
        case .cornersMineAtLeast(let count): seen.cornersMineCount >= count
        case .cornersTheirsAtLeast(let count): seen.cornersTheirsCount >= count
        case .moverIsBlack: seen.moverIsBlack
        case .passed: seen.passed
        }
    }
}

extension BoardProperty {
    /// The properties worth asking about on a board, in a fixed order without duplicates.
    ///
    /// Every square property that is not constant, then thresholds, then the two flags: 332 on 6×6,
    /// 592 on 8×8. Left out as constant: a centre square is never empty, played or legal, and a
    /// corner disc is never turned over.
    public static func catalogue(for rules: Othello) -> [BoardProperty] {
        squareProperties(for: rules) + thresholds(for: rules) + [.moverIsBlack, .passed]
    }

    private static func squareProperties(for rules: Othello) -> [BoardProperty] {
        let squares = rules.squares
        let playable = rules.playable
        let flippable = squares.filter { $0.mask & rules.corners == 0 }
        return squares.map(mine) + squares.map(theirs) + playable.map(empty)
            + playable.map(justPlayed) + flippable.map(justFlipped) + playable.map(legalNext)
            + playable.map(previouslyPlayed) + playable.map(playedByMover)
    }

    private static func thresholds(for rules: Othello) -> [BoardProperty] {
        let cells = rules.size * rules.size
        let reach = cells / 3
        let moves = stride(from: 2, to: rules.playable.count, by: 2).map(moveNumberAtLeast)
        let discs = stride(from: 4, through: 2 * reach, by: 2).map(mineAtLeast)
        let leads = stride(from: -reach, through: reach, by: 2).map(leadAtLeast)
        return moves + (2...8).map(flippedAtLeast) + (1...(2 * rules.size)).map(legalAtLeast)
            + discs + leads + (1...4).map(cornersMineAtLeast) + (1...4).map(cornersTheirsAtLeast)
    }
}
