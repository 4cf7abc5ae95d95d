import Foundation
import Games
import Testing

/// Agreement with python-chess on positions of random games rich in rare moves.
@Suite struct ChessReferenceTests {
    let reference: ChessReference

    init() throws {
        reference = try ChessReference.load()
    }

    @Test func findsTheSameLegalMovesAndWritesThemAlike() throws {
        #expect(reference.positions.count >= 130)
        for expected in reference.positions {
            let position = try ChessPosition(fen: expected.fen)
            let moves = position.legalMoves
            let texts = try moves.map { "\($0.coordinates) \(try #require(position.san($0)))" }
            #expect(texts.sorted() == expected.moves.sorted(), "\(expected.fen)")
            #expect(position.legalMoveCount == moves.count)
            for move in moves {
                let san = try #require(position.san(move))
                #expect(try position.move(san: san) == move)
            }
        }
    }

    @Test func writesTheSameFEN() throws {
        for expected in reference.positions {
            #expect(try ChessPosition(fen: expected.fen).fen == expected.fen)
        }
    }

    @Test func computesTheReferenceProperties_quirksIncluded() throws {
        let catalogue = ChessProperty.catalogue(.reference)
        #expect(catalogue.count == 908)
        for expected in reference.positions {
            let position = try ChessPosition(fen: expected.fen)
            let observation = ChessObservation(position, definitions: .reference)
            let sets = try expected.sets.map { try #require(UInt64($0, radix: 16)) }
            let wanted =
                sets.flatMap { set in (0..<64).map { set >> UInt64($0) & 1 == 1 } }
                + expected.flags.map { $0 == "1" }
            for (property, holds) in zip(catalogue, wanted)
            where property.holds(in: observation) != holds {
                Issue.record("\(property.formula) should be \(holds) in \(expected.fen)")
            }
            #expect(wanted.count == catalogue.count)
        }
    }

    @Test func meetsEveryFlagBothWays() {
        let flags = reference.positions.map { Array($0.flags) }
        for index in 0..<12 {
            let count = flags.count { $0[index] == "1" }
            #expect(count >= 15 && count < flags.count, "flag \(index)")
        }
    }

    @Test func countsRepetitionsAndClaimsDrawsAlike() throws {
        for expected in reference.games {
            var positions = [try ChessPosition(fen: expected.start)]
            for text in expected.line {
                let position = positions[positions.count - 1]
                let move = try #require(position.legalMoves.first { $0.coordinates == text })
                positions.append(try #require(position.playing(move)))
            }
            #expect(ChessPosition.repetitionCount(in: positions) == expected.repetitions)
            #expect(ChessPosition.canClaimDraw(after: positions) == expected.claim)
        }
    }

    @Test func knowsTheMaterialThatCannotMate() throws {
        for expected in reference.material {
            let position = try ChessPosition(fen: expected.fen)
            #expect(position.isInsufficientMaterial == expected.insufficient, "\(expected.fen)")
        }
    }
}
