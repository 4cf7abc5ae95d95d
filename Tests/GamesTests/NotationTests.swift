import Games
import LinearAlgebra
import Testing

@Suite struct NotationTests {
    static let boards = [Othello.sixBySix, .eightByEight]

    @Test func namesSquaresFromTheTopLeftOfTheBoardAtHand() throws {
        let six = Othello.sixBySix
        let eight = Othello.eightByEight
        #expect(six.name(of: Square(bit: 9)) == "A1" && six.name(of: Square(bit: 14)) == "F1")
        #expect(six.name(of: Square(bit: 54)) == "F6")
        #expect(eight.name(of: Square(bit: 0)) == "A1" && eight.name(of: Square(bit: 63)) == "H8")
        #expect(eight.name(of: Square(bit: 9)) == "B2")
    }

    @Test(arguments: boards)
    func readsBackEveryName_inEitherCase(rules: Othello) throws {
        for square in rules.squares {
            let name = rules.name(of: square)
            #expect(try rules.square(named: name) == square)
            #expect(try rules.square(named: name.lowercased()) == square)
        }
    }

    @Test(arguments: boards)
    func pairsPlayableSquaresWithTokensFromOne_andNothingElse(rules: Othello) {
        for (index, square) in rules.playable.enumerated() {
            #expect(rules.token(of: square) == index + 1)
            #expect(rules.square(ofToken: index + 1) == square)
        }
        for square in Square.all(in: .max) where !rules.playable.contains(square) {
            #expect(rules.token(of: square) == nil)
        }
        for token in [Int.min, -1, 0, rules.vocabularyCount, Int.max] {
            #expect(rules.square(ofToken: token) == nil)
        }
    }

    @Test(arguments: boards)
    func roundTripsTranscriptsAndTokens_ofRandomGames(rules: Othello) throws {
        for seed in 0..<200 {
            let moves = try PlayedGame(seed: UInt64(seed), on: rules).moves
            let text = rules.transcript(moves)
            #expect(try rules.moves(fromTranscript: text) == moves)
            let bare = text.lowercased().replacing(" ", with: "")
            #expect(try rules.moves(fromTranscript: bare) == moves)
            #expect(rules.tokens(moves).compactMap(rules.square(ofToken:)) == moves)
        }
    }

    @Test(arguments: ["d3c4f5", "D3 C4 F5", " d3,C4,  f5\r\n", "D3\tc4\nF5,"])
    func readsATranscript_howeverItIsSeparated(text: String) throws {
        let rules = Othello.eightByEight
        #expect(rules.transcript(try rules.moves(fromTranscript: text)) == "D3 C4 F5")
    }

    @Test func refusesATranscript_namingTheMoveAndWhatStandsThere() {
        let six = Othello.sixBySix
        #expect(
            throws: GameError.unreadableTranscript(moveNumber: 3, found: "G1 A1", size: 6)
        ) { try six.moves(fromTranscript: "C2 B3 G1 A1") }
        #expect(throws: GameError.unreadableTranscript(moveNumber: 2, found: "d", size: 6)) {
            try six.moves(fromTranscript: "c2d")
        }
        #expect(throws: GameError.unreadableTranscript(moveNumber: 2, found: "é3", size: 6)) {
            try six.moves(fromTranscript: "c2é3")
        }
        #expect(
            throws: GameError.transcriptTooLong(byteCount: 1025, limit: 1024)
        ) { try six.moves(fromTranscript: String(repeating: " ", count: 1025)) }
        #expect(
            GameError.unreadableTranscript(moveNumber: 3, found: "G1", size: 6).description
                == "transcript, move 3: \"G1\" does not start with a square. "
                + "Write a column letter and a row number, A1 to F6.")
    }

    @Test(arguments: ["", "D", "D33", "3D", "I1", "A0", "A9", "é", "D３", " D3", "@1", "`1", "[1"])
    func refusesANameThatIsNoSquare(name: String) {
        #expect(throws: GameError.unknownSquare(name, size: 8)) {
            try Othello.eightByEight.square(named: name)
        }
    }

    @Test func keepsMessagesShort_whateverTheInput() {
        let text = String(repeating: "👩‍👩‍👧", count: 40)
        #expect(throws: GameError.unknownSquare(text.prefix(24) + "…", size: 8)) {
            try Othello.eightByEight.square(named: text)
        }
    }

    @Test(arguments: boards)
    func readsOrRefusesAnyGarbage_andReadsBackWhatItAccepts(rules: Othello) {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let text = Garbage.text(
                from: "aAbBdDfFhH012345689,, \n\rxé≥👩‍👧\u{301}", using: &generator)
            guard let moves = try? rules.moves(fromTranscript: text) else { continue }
            #expect((try? rules.moves(fromTranscript: rules.transcript(moves))) == moves)
        }
    }
}

/// Random texts over an alphabet that makes near misses likely.
enum Garbage {
    static func text(from alphabet: String, using generator: inout SeededGenerator) -> String {
        let letters = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<generator.below(14) { text.append(letters[generator.below(letters.count)]) }
        return String(text)
    }
}
