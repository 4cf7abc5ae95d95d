import LinearAlgebra

/// The rules of Othello on a board of one size.
///
/// The module gives known truth for experiments on game-playing models: rules (`Othello`,
/// ``Position``), what the mover sees (``Observation``), statements about it (``BoardProperty``) and
/// games that differ minimally (``GameEdits``). Read them in that order. It knows nothing of models
/// or measurements. Chess has a folder of its own, which ``Chess`` leads through.
///
/// Boards are bit sets over an 8×8 frame; the 6×6 board is the frame's inner 6×6, so that both share
/// one start position and one set of kernels. Names such as "D3" are relative to the board at hand.
/// A player without a move is skipped silently, and a pass is neither a move nor a token.
public struct Othello: Hashable, Sendable {
    /// Squares per side, 6 or 8.
    public let size: Int
    /// All squares of this board as frame bits.
    public let mask: UInt64

    /// The 6×6 board: 32 playable squares.
    public static let sixBySix = Othello(checkedSize: 6)
    /// The 8×8 board: 60 playable squares.
    public static let eightByEight = Othello(checkedSize: 8)

    /// - Throws: ``GameError/unsupportedSize(_:)`` for anything but 6 and 8.
    public init(size: Int) throws(GameError) {
        guard size == 6 || size == 8 else { throw GameError.unsupportedSize(size) }
        self.init(checkedSize: size)
    }

    private init(checkedSize size: Int) {
        self.size = size
        mask = size == 8 ? .max : 0x007E_7E7E_7E7E_7E00
    }

    /// All squares, row-major (36 or 64).
    public var squares: [Square] { Square.all(in: mask) }

    /// All squares but the four of the centre, row-major (32 or 60); the order of the tokens.
    public var playable: [Square] { size == 8 ? Self.playable8 : Self.playable6 }

    /// The board's four corner squares.
    public var corners: UInt64 {
        size == 8 ? 0x8100_0000_0000_0081 : 0x0042_0000_0000_4200
    }

    /// The four squares that are filled from the start and never played.
    public var centre: UInt64 { Self.centre }

    /// The position before the first move, Black to move.
    public var start: Position { .start }

    private static let centre: UInt64 = 0x0000_0018_1800_0000
    private static let playable6 = Square.all(in: 0x007E_7E7E_7E7E_7E00 & ~centre)
    private static let playable8 = Square.all(in: ~centre)
}

// MARK: - Tokens

extension Othello {
    /// Playable squares plus the padding token 0: 33 or 61.
    public var vocabularyCount: Int { playable.count + 1 }

    /// The token of a square: its 1-based place in ``playable``; nil for any other square.
    public func token(of square: Square) -> Int? {
        let allowed = mask & ~Self.centre
        guard square.mask & allowed != 0 else { return nil }
        return ((square.mask &- 1) & allowed).nonzeroBitCount + 1
    }

    /// The square of a token; nil for padding (0) and for numbers outside the vocabulary.
    public func square(ofToken token: Int) -> Square? {
        guard token >= 1, token < vocabularyCount else { return nil }
        return playable[token - 1]
    }

    /// The tokens of a game's moves.
    ///
    /// - Precondition: every move is a playable square, as the moves of any legal game are.
    public func tokens(_ moves: [Square]) -> [Int] {
        moves.map { square in
            guard let token = token(of: square) else {
                preconditionFailure("tokens: \(name(of: square)) is no playable square")
            }
            return token
        }
    }
}

// MARK: - Whole games

extension Othello {
    /// The position after a game's moves.
    ///
    /// - Throws: ``GameError/illegalMove(number:square:reason:alternatives:)`` for the first move
    ///   that breaks the rules.
    public func position(after moves: [Square]) throws(GameError) -> Position {
        var position = start
        for (index, square) in moves.enumerated() {
            guard let next = position.playing(square, on: self) else {
                throw refusal(of: square, number: index + 1, in: position)
            }
            position = next
        }
        return position
    }

    private func refusal(of square: Square, number: Int, in position: Position) -> GameError {
        let legal = position.legalMoves(on: self)
        let reason: IllegalMoveReason =
            if square.mask & mask == 0 {
                .offTheBoard
            } else if legal == 0 {
                .gameOver
            } else if square.mask & (position.black | position.white) != 0 {
                .occupied
            } else {
                .flipsNothing
            }
        return GameError.illegalMove(
            number: number, square: name(of: square), reason: reason,
            alternatives: Square.all(in: legal).map(name(of:)))
    }

    /// Who has more discs after these moves, whether or not the game is over then.
    public func winner(of moves: [Square]) throws(GameError) -> Winner {
        let final = try position(after: moves)
        let lead = final.black.nonzeroBitCount - final.white.nonzeroBitCount
        return lead > 0 ? .black : lead < 0 ? .white : .draw
    }

    /// Uniformly random legal moves until nobody can move. The same generator gives the same game.
    public func randomGame(using generator: inout SeededGenerator) -> [Square] {
        var moves: [Square] = []
        moves.reserveCapacity(playable.count)
        var position = start
        while true {
            var choices = position.legalMoves(on: self)
            if choices == 0 { return moves }
            for _ in 0..<generator.below(choices.nonzeroBitCount) { choices &= choices &- 1 }
            let square = Square(bit: choices.trailingZeroBitCount)
            guard let next = position.playing(square, on: self) else {
                preconditionFailure("randomGame: \(name(of: square)) was legal and got refused")
            }
            moves.append(square)
            position = next
        }
    }

    /// The number of move sequences of `depth` plies, the usual check of a move generator.
    ///
    /// A pass counts as a ply and a game that ends earlier counts once, as in the published numbers
    /// (Bik, "Perft for Reversi", 2009).
    ///
    /// - Precondition: `depth` ≥ 0.
    /// - Complexity: about one position per leaf of depth − 1.
    public func perft(depth: Int) -> Int {
        precondition(depth >= 0, "perft(depth: \(depth)): the depth must be 0 or more")
        return leafCount(below: start, depth: depth)
    }

    private func leafCount(below position: Position, depth: Int) -> Int {
        if depth == 0 { return 1 }
        var choices = position.legalMoves(on: self)
        if choices == 0 { return 1 }
        if depth == 1 { return choices.nonzeroBitCount }
        var count = 0
        while choices != 0 {
            let square = Square(bit: choices.trailingZeroBitCount)
            choices &= choices &- 1
            guard let next = position.playing(square, on: self) else { continue }
            count += leafCount(below: next, depth: depth - (next.passed ? 2 : 1))
        }
        return count
    }
}

/// The result of a game by disc count.
public enum Winner: Hashable, Sendable {
    case black, white, draw
}
