import Foundation
import Games
import Testing

/// What python-chess says; `Fixtures/make_chess.py` writes it.
struct ChessReference: Decodable {
    let positions: [Described]
    let games: [Drawn]
    let material: [Material]

    struct Described: Decodable {
        let fen: String
        /// "e2e4 e4": coordinates and standard text.
        let moves: [String]
        /// Hexadecimal: the twelve pieces, the threatened squares, the targets of legal moves.
        let sets: [String]
        let flags: String
    }

    struct Drawn: Decodable {
        let start: String
        let line: [String]
        let claim: Bool
        let repetitions: Int
    }

    struct Material: Decodable {
        let fen: String
        let insufficient: Bool
    }

    static func load() throws -> ChessReference {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/chess.json")
        return try JSONDecoder().decode(ChessReference.self, from: Data(contentsOf: url))
    }
}
