import Games
import LinearAlgebra
import Testing

@Suite struct OthelloTests {
    @Test(arguments: [-1, 0, 4, 7, 10, Int.max])
    func refusesABoard_whenTheSizeIsNeither6Nor8(size: Int) {
        #expect(throws: GameError.unsupportedSize(size)) { try Othello(size: size) }
    }

    @Test func numbersSquaresRowMajor_leavingOutTheCentre() throws {
        let six = try Othello(size: 6)
        let eight = try Othello(size: 8)
        #expect(six == .sixBySix && eight == .eightByEight)
        #expect(six.squares.count == 36 && six.playable.count == 32 && six.vocabularyCount == 33)
        #expect(
            eight.squares.count == 64 && eight.playable.count == 60 && eight.vocabularyCount == 61)
        #expect(six.squares.first?.bit == 9 && six.squares.last?.bit == 54)
        for rules in [six, eight] {
            #expect(rules.squares == rules.squares.sorted())
            #expect(Set(rules.playable).isDisjoint(with: Square.all(in: rules.centre)))
            #expect(rules.start.black == 1 << 28 | 1 << 35)
            #expect(rules.start.white == 1 << 27 | 1 << 36)
            #expect(rules.start.blackToMove && rules.start.moveCount == 0)
        }
    }

    @Test func offersTheFourKnownFirstMoves() {
        let eight = Othello.eightByEight
        #expect(eight.names(eight.start.legalMoves(on: eight)) == ["D3", "C4", "F5", "E6"])
        let six = Othello.sixBySix
        #expect(six.names(six.start.legalMoves(on: six)) == ["C2", "B3", "E4", "D5"])
    }

    /// Aart Bik, "Perft for Reversi", 2009, who counts a pass as a ply; the first passes occur at
    /// depth 9.
    @Test(
        arguments: zip(
            0...10,
            [1, 4, 12, 56, 244, 1396, 8200, 55092, 390_216, 3_005_288, 24_571_284]))
    func countsThePublishedNumberOfLines_onEightByEight(depth: Int, count: Int) {
        #expect(Othello.eightByEight.perft(depth: depth) == count)
    }

    @Test func refusesAnIllegalMove_namingNumberSquareAndReason() throws {
        let rules = Othello.eightByEight
        func refusal(_ transcript: String) throws -> GameError? {
            let moves = try rules.moves(fromTranscript: transcript)
            do {
                _ = try rules.position(after: moves)
                return nil
            } catch {
                return error
            }
        }
        #expect(
            try refusal("d3 a1")
                == .illegalMove(
                    number: 2, square: "A1", reason: .flipsNothing,
                    alternatives: ["C3", "E3", "C5"]))
        guard case .illegalMove(1, "D4", .occupied, let legal) = try refusal("d4") else {
            Issue.record("the centre must be refused as occupied")
            return
        }
        #expect(legal == ["D3", "C4", "F5", "E6"])
    }

    @Test func refusesAMove_whenTheGameIsOverOrTheSquareIsOffTheBoard() throws {
        let rules = Othello.sixBySix
        let game = try PlayedGame(seed: 1, on: rules)
        let extra = game.moves.count + 1
        #expect(throws: GameError.self) {
            try rules.position(after: game.moves + [Square(bit: 9)])
        }
        #expect(
            throws: GameError.illegalMove(
                number: extra, square: "frame bit 0", reason: .offTheBoard, alternatives: [])
        ) {
            try rules.position(after: game.moves + [Square(bit: 0)])
        }
        #expect(
            throws: GameError.illegalMove(
                number: extra, square: rules.name(of: game.moves[0]), reason: .gameOver,
                alternatives: [])
        ) {
            try rules.position(after: game.moves + [game.moves[0]])
        }
        #expect(rules.start.playing(Square(bit: 0), on: rules) == nil)
    }

    @Test(arguments: [Othello.sixBySix, .eightByEight])
    func drawsTheSameGame_fromTheSameSeed(rules: Othello) throws {
        let games = try (0..<50).map { try PlayedGame(seed: UInt64($0), on: rules) }
        let again = try (0..<50).map { try PlayedGame(seed: UInt64($0), on: rules) }
        #expect(games.map(\.moves) == again.map(\.moves))
        #expect(Set(games.map(\.moves)).count == 50)
        #expect(games.allSatisfy { $0.positions.last?.isOver(on: rules) == true })
    }

    /// Chi-square with 3 degrees of freedom; 16.3 is exceeded once in a thousand seeds.
    @Test func drawsEachFirstMoveEquallyOften() throws {
        let rules = Othello.sixBySix
        var generator = SeededGenerator(seed: 7)
        var counts: [Square: Int] = [:]
        for _ in 0..<4000 {
            counts[try #require(rules.randomGame(using: &generator).first), default: 0] += 1
        }
        let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(counts.count == 4)
        #expect(chiSquare < 16.3)
    }
}
