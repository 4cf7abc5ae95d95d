/// Legal games that differ from a given game as little as possible: the raw material of
/// minimal-edit probes.
public enum GameEdits {
    /// A legal game one edit away from another.
    public struct Neighbour: Hashable, Sendable {
        /// The edited game, as long as the original.
        public let moves: [Square]
        /// The position after all of `moves`.
        public let position: Position
        /// How many plies differ from the original: 1 after a replacement, 2 after a swap.
        public let changedPlies: Int
    }

    /// Every legal game of the same length that is one edit away from `moves`.
    ///
    /// An edit replaces the move of one ply by a square that occurs nowhere else in the game, or
    /// swaps the moves of two plies; the rest is replayed unchanged and the result is dropped if a
    /// move of it becomes illegal. Replacing a move by one that is played later, which then gets the
    /// original square, is such a swap. The original is not among the results, and no game occurs
    /// twice, because the squares of a legal game are distinct.
    ///
    /// - Parameter moves: a legal game, finished or not; one that is not legal has no neighbours.
    /// - Returns: by the first changed ply; for each, replacements by square, then swaps by the
    ///   second ply.
    /// - Complexity: O(n²) replays of at most n moves, n = `moves.count`; most stop at once.
    public static func neighbours(of moves: [Square], on rules: Othello) -> [Neighbour] {
        guard let prefixes = prefixes(of: moves, on: rules) else { return [] }
        var result: [Neighbour] = []
        var later = moves.reduce(0 as UInt64) { $0 | $1.mask }
        var edited = moves
        for ply in moves.indices {
            let original = moves[ply]
            later &= ~original.mask
            let legal = prefixes[ply].legalMoves(on: rules) & ~original.mask
            var fresh = legal & ~later
            while fresh != 0 {
                edited[ply] = Square(bit: fresh.trailingZeroBitCount)
                fresh &= fresh &- 1
                append(edited, from: ply, after: prefixes[ply], 1, on: rules, to: &result)
            }
            edited[ply] = original
            for other in moves.indices.dropFirst(ply + 1)
            where legal & moves[other].mask != 0 {
                edited.swapAt(ply, other)
                append(edited, from: ply, after: prefixes[ply], 2, on: rules, to: &result)
                edited.swapAt(ply, other)
            }
        }
        return result
    }

    /// How many frame squares have a different content, as the movers of both sides see it.
    public static func distance(_ a: Observation, _ b: Observation) -> Int {
        ((a.mine ^ b.mine) | (a.theirs ^ b.theirs)).nonzeroBitCount
    }

    /// The position before each ply; nil if a move is illegal.
    private static func prefixes(of moves: [Square], on rules: Othello) -> [Position]? {
        var prefixes: [Position] = []
        prefixes.reserveCapacity(moves.count)
        var position = rules.start
        for square in moves {
            guard let next = position.playing(square, on: rules) else { return nil }
            prefixes.append(position)
            position = next
        }
        return prefixes
    }

    /// Adds a game if its plies from `first` on are legal after `prefix`.
    private static func append(
        _ moves: [Square], from first: Int, after prefix: Position, _ changedPlies: Int,
        on rules: Othello, to result: inout [Neighbour]
    ) {
        var position = prefix
        for ply in first..<moves.count {
            guard let next = position.playing(moves[ply], on: rules) else { return }
            position = next
        }
        result.append(Neighbour(moves: moves, position: position, changedPlies: changedPlies))
    }
}
