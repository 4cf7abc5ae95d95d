import Games
import LinearAlgebra
import Testing

/// A random game and the position before each of its plies and after the last.
struct PlayedGame {
    let moves: [Square]
    let positions: [Position]

    init(seed: UInt64, on rules: Othello) throws {
        var generator = SeededGenerator(seed: seed)
        moves = rules.randomGame(using: &generator)
        var positions = [rules.start]
        for square in moves {
            positions.append(try #require(positions.last?.playing(square, on: rules)))
        }
        self.positions = positions
    }
}

extension Othello {
    /// The names of a set of frame bits, for comparison with the array board.
    func names(_ set: UInt64) -> Set<String> { Set(Square.all(in: set).map(name(of:))) }

    func array(_ square: Square) throws -> ArrayBoard.Cell {
        let name = name(of: square)
        return try #require(ArrayBoard(size: size).cells.first { $0.name == name })
    }
}
