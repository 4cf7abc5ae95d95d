import Foundation
import Games
import LinearAlgebra
import Testing

@Suite struct PGNReaderTests {
    static let text = """
        \u{FEFF}[Event "One \\"quoted\\" \\\\ tag"]
        [White "A"]
        [Black "B"]

        % an escaped line, with [ and { in it
        1. e4 {the best, (by test)} e5 $1 2.Nf3 (2. f4 exf4 (2... d5)
        3. Nf3) 2... Nc6! ; to the end of the line 3. d4
        3. Bb5 !? a6 4 Ba4 Nf6
        5. 0-0 1/2-1/2
        1... junk

        [White "C"]
        [FEN "4k3/8/8/8/8/8/8/R3K3 w Q - 0 1"]
        1. O-O-O *
        """

    @Test func readsTagsCommentsVariationsAnnotationsAndResults() throws {
        var reader = PGNReader(Self.text)
        let first = try #require(try reader.next())
        #expect(first.value(of: "Event") == #"One "quoted" \ tag"#)
        #expect(first.tags.map(\.name) == ["Event", "White", "Black"])
        #expect(first.san == ["e4", "e5", "Nf3", "Nc6", "Bb5", "a6", "Ba4", "Nf6", "O-O"])
        #expect(first.result == .draw && first.start == .start)
        #expect(first.positions.count == 10)
        let junk = ChessError.unreadableGame(
            number: 2, title: "? – ?", line: 10, .move(ply: 1, "junk", .unreadable))
        #expect(throws: junk) { try reader.next() }
        let last = try #require(try reader.next())
        #expect(last.san == ["O-O-O"] && last.result == .unknown)
        #expect(last.start.fen.hasPrefix("4k3"))
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ("1. e4 e5", 1, PGNFault.noResult), ("[White \"A\"]\n", 2, .noResult),
        ("1. e4\n[White \"B\"]\n\n*", 2, .noResult), ("[White A]\n\n*", 1, .tag("[White A]")),
        ("[White \"A\n\"]\n*", 1, .tag("[White \"A")), ("[\"A\"]", 1, .tag("[\"A\"]")),
        ("1. e4\n{ open", 2, .unclosed("{ open")), ("1. e4 ( 1. d4", 1, .unclosed("(")),
        ("1. e4 ) *", 1, .unopened), ("1. e4 <x> *", 1, .unexpected("<x> *")),
        ("1. e5 *", 1, .move(ply: 1, "e5", .illegal)),
        ("1. e4 e5\n2. Ke3 *", 2, .move(ply: 3, "Ke3", .illegal)),
        ("[FEN \"x\"]\n*", 2, .start(.fieldCount(1))),
        (String(repeating: "(", count: 65), 1, .tooDeep(limit: 64)),
    ])
    func refusesAGame_namingPlaceAndFault(text: String, line: Int, fault: PGNFault) {
        #expect {
            try PGNReader.games(in: text)
        } throws: { error in
            guard case ChessError.unreadableGame(1, _, line, let found) = error else {
                return false
            }
            return found == fault && (error as? ChessError)?.description.contains("line") == true
        }
    }

    @Test func boundsTagsAndMoves() {
        let tags = String(repeating: "[A \"b\"]\n", count: 257) + "*"
        #expect(throws: ChessError.self) { try PGNReader.games(in: tags) }
        let long = "[A \"\(String(repeating: "b", count: 1024))\"]\n*"
        #expect(throws: ChessError.self) { try PGNReader.games(in: long) }
        let moves = String(repeating: "Nf3 Nf6 Ng1 Ng8 ", count: 5001) + "*"
        #expect(throws: ChessError.self) { try PGNReader.games(in: moves) }
    }

    @Test(arguments: [
        "[White A]\n[Black \"B\"]\n\n1. e4 *\n\n", "[White \"A\"]\n\n1. e5 d5\n2. d4 *\n\n",
        "[White \"A\"]\n\n1. e4 e5\n\n", "[White \"A\"]\n\n1. e4 ) *\n", "[White \"A\"]\n\n<\n",
    ])
    func goesOnWithTheNextGame_afterOneThatIsRefused(broken: String) throws {
        var reader = PGNReader(broken + "[White \"C\"]\n[Black \"D\"]\n\n1. c4 0-1\n")
        #expect(throws: ChessError.self) { try reader.next() }
        let next = try #require(try reader.next())
        #expect(next.value(of: "White") == "C" && next.value(of: "Black") == "D")
        #expect(next.san == ["c4"] && next.result == .blackWins)
        #expect(try reader.next() == nil)
    }

    @Test func neverFailsOtherwise_whateverTheText() {
        var generator = SeededGenerator(seed: 4)
        let pieces = [
            "[White \"A\"]\n", "\n\n", "1. e4 ", "e5 ", "{c} ", "(", ")", "*", "1-0", "$1", ";x\n",
            "%",
            "[", "\"", "\\", "]", "{", "}", "é", "\r\n",
        ]
        for _ in 0..<3000 {
            let text = (0..<generator.below(14)).map { _ in pieces[generator.below(pieces.count)] }
            var reader = PGNReader(text.joined())
            var gameCount = 0
            while gameCount < 40 {
                gameCount += 1
                do {
                    guard try reader.next() != nil else { break }
                } catch {
                    #expect(error.description.hasPrefix("game \(gameCount) "))
                }
            }
            #expect(gameCount < 40, "the reader must come to the end: \(text)")
        }
    }

    @Test(
        .enabled(if: SharedData.file("games/Capablanca.pgn") != nil, SharedData.absence),
        arguments: [("games/Capablanca.pgn", 597), ("games/London1851.pgn", 251)])
    func replaysEveryRecordedGame_andWritesItsMovesAsTheyWere(path: String, count: Int) throws {
        let url = try #require(SharedData.file(path))
        let text = try String(contentsOf: url, encoding: .isoLatin1)
        let games = try PGNReader.games(in: text)
        #expect(games.count == count)
        var plies = 0
        for game in games {
            plies += game.moves.count
            #expect(game.result.rawValue == game.value(of: "Result"))
            let written = try PGNReader.games(in: game.san.joined(separator: " ") + " *")
            #expect(written.map(\.moves) == [game.moves])
        }
        #expect(plies > 15_000)
    }
}
