import Games
import Testing

@Suite struct GameEditsTests {
    static let boards = [Othello.sixBySix, .eightByEight]

    @Test(arguments: boards)
    func givesLegalDistinctGamesOfTheSameLength(rules: Othello) throws {
        for seed in 0..<UInt64(30) {
            let whole = try PlayedGame(seed: seed, on: rules).moves
            let moves = Array(whole.prefix(Int(seed) + 1))
            let neighbours = GameEdits.neighbours(of: moves, on: rules)
            #expect(Set(neighbours.map(\.moves)).count == neighbours.count)
            #expect(!neighbours.isEmpty)
            for neighbour in neighbours {
                #expect(neighbour.moves.count == moves.count)
                let changed = zip(neighbour.moves, moves).filter { $0 != $1 }.count
                #expect(changed == neighbour.changedPlies && (1...2).contains(changed))
                #expect(try rules.position(after: neighbour.moves) == neighbour.position)
            }
            #expect(GameEdits.neighbours(of: moves, on: rules) == neighbours)
        }
    }

    /// Tries every square at every ply, with and without the swap, and keeps what replays.
    @Test(arguments: boards, [1, 2, 5, 9, 16])
    func findsEveryEditThatBruteForceFinds(rules: Othello, length: Int) throws {
        for seed in 100..<UInt64(106) {
            let moves = Array(try PlayedGame(seed: seed, on: rules).moves.prefix(length))
            var expected: Set<[Square]> = []
            for ply in moves.indices {
                for square in rules.squares where square != moves[ply] {
                    var edited = moves
                    if let other = moves.firstIndex(of: square) { edited[other] = moves[ply] }
                    edited[ply] = square
                    if (try? rules.position(after: edited)) != nil { expected.insert(edited) }
                }
            }
            let found = GameEdits.neighbours(of: moves, on: rules).map(\.moves)
            #expect(Set(found) == expected, "seed \(seed)")
        }
    }

    @Test func ordersByFirstChangedPly_replacementsBeforeSwaps() throws {
        let rules = Othello.sixBySix
        let moves = Array(try PlayedGame(seed: 5, on: rules).moves.prefix(15))
        let keys = GameEdits.neighbours(of: moves, on: rules).map { neighbour in
            let changed = moves.indices.filter { neighbour.moves[$0] != moves[$0] }
            let detail = changed.count == 1 ? neighbour.moves[changed[0]].bit : changed[1]
            return [changed[0], changed.count, detail]
        }
        #expect(keys == keys.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func givesNothing_forTheEmptyAndForAnIllegalGame() throws {
        let rules = Othello.eightByEight
        #expect(GameEdits.neighbours(of: [], on: rules).isEmpty)
        let illegal = try rules.moves(fromTranscript: "d3 a1")
        #expect(GameEdits.neighbours(of: illegal, on: rules).isEmpty)
    }

    @Test func measuresDistanceInSquares_asTheMoversSeeThem() throws {
        let rules = Othello.eightByEight
        func seen(_ transcript: String) throws -> Observation {
            let moves = try rules.moves(fromTranscript: transcript)
            return Observation(try rules.position(after: moves), on: rules)
        }
        let start = try seen("")
        #expect(GameEdits.distance(start, start) == 0)
        // After D3 the mover is White: E4 and D5 stay black, hence turn from mine to theirs, E5
        // from theirs to mine; D4 was flipped to black, so it stays theirs; D3 is new.
        #expect(GameEdits.distance(start, try seen("d3")) == 4)
        #expect(GameEdits.distance(try seen("d3"), start) == 4)
        #expect(GameEdits.distance(try seen("d3"), try seen("c4")) == 2)
    }
}
