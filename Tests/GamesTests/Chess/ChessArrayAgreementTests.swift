import Games
import LinearAlgebra
import Testing

/// The bit sets against the plain array board, over whole random games.
@Suite struct ChessArrayAgreementTests {
    @Test(arguments: UInt64(0)..<12)
    func agreesOnEveryPositionOfARandomGame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 7)
        let moves = Chess.randomGame(plyLimit: 100, using: &generator)
        var position = ChessPosition.start
        var board = ChessArrayBoard(fen: position.fen)
        for (ply, move) in moves.enumerated() {
            let place: Comment = "seed \(seed), ply \(ply), \(position.fen)"
            #expect(position.fen.hasPrefix(placement(of: board)), place)
            let legal = position.legalMoves
            #expect(Set(legal.map(step)) == board.legal, place)
            #expect(Set(legal).count == legal.count, place)
            #expect(position.isCheck == board.isInCheck(white: board.isWhite), place)
            for color in ChessColor.allCases {
                let attacked = Square.all(in: position.attacked(by: color)).map(\.bit)
                #expect(Set(attacked) == board.attacked(byWhite: color == .white), place)
            }
            position = try #require(position.playing(move))
            board = board.playing(step(move))
        }
    }

    @Test(arguments: UInt64(20)..<24)
    func agreesOnTheCleanProperties_slowlyDefined(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 7)
        let game = try ChessGame(moves: Chess.randomGame(plyLimit: 60, using: &generator))
        for position in game.positions {
            let seen = ChessObservation(position)
            let board = ChessArrayBoard(fen: position.fen)
            let legal = board.legal
            let checks = legal.contains {
                board.playing($0).isInCheck(white: !board.isWhite)
            }
            let queen: Character = board.isWhite ? "q" : "Q"
            #expect(seen.canCheck == checks, "\(position.fen)")
            #expect(Set(Square.all(in: seen.legal).map(\.bit)) == Set(legal.map(\.to)))
            #expect(seen.canCaptureQueen == legal.contains { board.cells[$0.to] == queen })
            #expect(seen.hasPin == hasPin(board), "\(position.fen)")
            #expect(seen.hasFork == hasFork(board), "\(position.fen)")
        }
    }

    @Test func refusesEveryMoveThatIsNotLegal() throws {
        var generator = SeededGenerator(seed: 5)
        let game = try ChessGame(moves: Chess.randomGame(plyLimit: 40, using: &generator))
        for position in game.positions {
            let legal = Set(position.legalMoves)
            for from in 0..<64 {
                for to in 0..<64 {
                    for promotion in [nil, .queen, .king] as [ChessKind?] {
                        let move = ChessMove(
                            from: Square(bit: from), to: Square(bit: to), promotion: promotion)
                        #expect((position.playing(move) != nil) == legal.contains(move))
                    }
                }
            }
        }
    }

    @Test func givesTheSameGame_fromTheSameGenerator() {
        var (a, b) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1))
        let game = Chess.randomGame(using: &a)
        #expect(game == Chess.randomGame(using: &b))
        #expect(game.count > 10 && game.count <= 400)
    }

    private func step(_ move: ChessMove) -> ChessArrayBoard.Step {
        let promotion = move.promotion.map { Character($0.letter.lowercased()) }
        return .init(from: move.from.bit, to: move.to.bit, promotion: promotion)
    }

    private func placement(of board: ChessArrayBoard) -> String {
        (0..<8).reversed().map { rank in
            String(board.cells[8 * rank..<8 * rank + 8]).gapsCounted
        }.joined(separator: "/") + (board.isWhite ? " w " : " b ")
    }

    /// A piece is pinned if its king is attacked once it is gone, and was not by the same slider.
    private func hasPin(_ board: ChessArrayBoard) -> Bool {
        (0..<64).contains { index in
            guard let isWhite = board.owner(index), board.cells[index].lowercased() != "k" else {
                return false
            }
            let king = board.cells.firstIndex(of: isWhite ? "K" : "k")
            var without = board
            without.cells[index] = "."
            func checkers(_ board: ChessArrayBoard) -> Set<Int> {
                Set(
                    (0..<64).filter {
                        board.owner($0) == !isWhite && board.attacks(from: $0).contains(king ?? 0)
                    })
            }
            return !checkers(without).subtracting(checkers(board)).isEmpty
        }
    }

    private func hasFork(_ board: ChessArrayBoard) -> Bool {
        let higher = ["p": "nbrqk", "n": "rqk", "b": "rqk", "r": "qk"]
        return (0..<64).contains { index in
            guard board.owner(index) == board.isWhite,
                let targets = higher[board.cells[index].lowercased()]
            else { return false }
            let king = board.cells.firstIndex(of: board.isWhite ? "K" : "k") ?? 0
            var without = board
            without.cells[index] = "."
            let isPinned = (0..<64).contains {
                board.owner($0) == !board.isWhite && without.attacks(from: $0).contains(king)
                    && !board.attacks(from: $0).contains(king)
            }
            let forked = board.attacks(from: index).filter {
                board.owner($0) == !board.isWhite
                    && targets.contains(board.cells[$0].lowercased())
            }
            return !isPinned && forked.count >= 2
        }
    }
}

extension String {
    /// Runs of "." as their length.
    fileprivate var gapsCounted: String {
        var text = ""
        var gap = 0
        for letter in self {
            if letter == "." {
                gap += 1
                continue
            }
            if gap > 0 { text += String(gap) }
            gap = 0
            text.append(letter)
        }
        return gap > 0 ? text + String(gap) : text
    }
}
