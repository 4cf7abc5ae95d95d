import Games
import Testing

/// The bit sets against the plain array board, over thousands of positions.
@Suite struct ArrayBoardAgreementTests {
    @Test(arguments: [(Othello.sixBySix, 150), (.eightByEight, 80)])
    func agreesOnEveryPositionOfRandomGames(rules: Othello, games: Int) throws {
        var passes = 0
        for seed in 0..<UInt64(games) {
            let game = try PlayedGame(seed: seed, on: rules)
            var board = ArrayBoard(size: rules.size)
            for (position, square) in zip(game.positions, game.moves) {
                expectAgreement(position, board, rules, seed)
                board.play(try rules.array(square))
                passes += board.passed ? 1 : 0
            }
            let last = try #require(game.positions.last)
            expectAgreement(last, board, rules, seed)
            #expect(last.isOver(on: rules) && board.legal.isEmpty)
            let lead = board.count(.black) - board.count(.white)
            let winner = try rules.winner(of: game.moves)
            #expect(winner == (lead > 0 ? .black : lead < 0 ? .white : .draw), "seed \(seed)")
            #expect(try rules.position(after: game.moves) == last)
        }
        #expect(passes > games / 4, "passes must be exercised, only \(passes) occurred")
    }

    private func expectAgreement(
        _ position: Position, _ board: ArrayBoard, _ rules: Othello, _ seed: UInt64
    ) {
        let place: Comment = "seed \(seed), after move \(board.moveCount)"
        func names(_ disc: ArrayBoard.Disc) -> Set<String> {
            Set(board.cells.filter { board.disc(at: $0) == disc }.map(\.name))
        }
        #expect(rules.names(position.black) == names(.black), place)
        #expect(rules.names(position.white) == names(.white), place)
        #expect(position.blackToMove == (board.turn == .black), place)
        #expect(rules.names(position.legalMoves(on: rules)) == Set(board.legal.map(\.name)), place)
        #expect(position.lastMove.map(rules.name(of:)) == board.last?.name, place)
        #expect(position.previousMove.map(rules.name(of:)) == board.beforeLast?.name, place)
        #expect(rules.names(position.lastFlipped) == Set(board.flipped.map(\.name)), place)
        #expect(position.moveCount == board.moveCount, place)
        #expect(position.passed == board.passed, place)
    }

    @Test(arguments: [Othello.sixBySix, .eightByEight])
    func refusesExactlyTheMovesTheArrayBoardRefuses(rules: Othello) throws {
        for seed in 1000..<UInt64(1010) {
            for position in try PlayedGame(seed: seed, on: rules).positions {
                let legal = position.legalMoves(on: rules)
                for square in Square.all(in: .max) {
                    let played = position.playing(square, on: rules)
                    #expect((played != nil) == (legal & square.mask != 0))
                }
            }
        }
    }

    @Test func counts6x6LinesLikeTheArrayBoard() {
        func lines(_ board: ArrayBoard, _ depth: Int) -> Int {
            if depth == 0 { return 1 }
            return board.legal.reduce(0) { sum, cell in
                var next = board
                next.play(cell)
                return sum + lines(next, depth - 1)
            }
        }
        for depth in 0...5 {
            #expect(Othello.sixBySix.perft(depth: depth) == lines(ArrayBoard(size: 6), depth))
        }
    }
}
