import Games
import LinearAlgebra
import Testing

@Suite struct ChessTranscriptTests {
    @Test func knowsTheVocabularyOf32Characters() throws {
        #expect(ChessTranscript.vocabulary.utf8.count == 32)
        #expect(Array(ChessTranscript.vocabulary.utf8) == ChessTranscript.vocabulary.utf8.sorted())
        let text = ";1.e4 e5 2.Nf3"
        let tokens = try ChessTranscript(text).tokens
        #expect(tokens == [15, 6, 4, 27, 9, 0, 27, 10, 0, 7, 4, 19, 28, 8])
        #expect(ChessTranscript.text(ofTokens: tokens) == text)
        #expect(ChessTranscript.text(ofTokens: [32]) == nil)
        #expect(ChessTranscript.text(ofTokens: [-1]) == nil)
    }

    @Test func knowsThePositionAtEveryCharacter() throws {
        let transcript = try ChessTranscript(";1.e4 e5 2.Nf3 ")
        #expect(transcript.plies == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3])
        #expect(transcript.dots == [2, 10])
        #expect(transcript.position(atCharacter: 0) == .start)
        #expect(transcript.position(atCharacter: 10).fen.contains("4p3/4P3"))
        #expect(transcript.position(atCharacter: 14).turn == .black)
        #expect(transcript.moves.map(\.coordinates) == ["e2e4", "e7e5", "g1f3"])
    }

    @Test(arguments: UInt64(0)..<20)
    func readsBackWhatItWrites_alsoCutAnywhere(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 3)
        let game = try ChessGame(moves: Chess.randomGame(plyLimit: 80, using: &generator))
        let whole = ChessTranscript(game)
        #expect(whole.moves == game.moves)
        #expect(whole.dots.allSatisfy { whole.position(atCharacter: $0).turn == .white })
        #expect(whole.dots.count == (game.moves.count + 1) / 2)
        for _ in 0..<20 {
            let limit = 1 + generator.below(whole.text.utf8.count)
            let cut = ChessTranscript(game, characterLimit: limit)
            #expect(cut.text == String(whole.text.prefix(limit)))
            #expect(cut.plies == Array(whole.plies.prefix(limit)))
            for offset in cut.plies.indices {
                #expect(cut.position(atCharacter: offset) == whole.position(atCharacter: offset))
            }
        }
    }

    @Test(arguments: [
        ("", 0, TranscriptFault.opening), ("1.e4", 0, .opening),
        (";1.e4 e5 3.Nf3 d6 ", 9, .expected("2.")),
        (";1. e4 e5 ", 1, .move(ply: 1, "", .unreadable)),
        (";1.e4 e4 2.d4", 6, .move(ply: 2, "e4", .illegal)), (";1.e4 é", 6, .character("é")),
        (";1.e4 e5,", 8, .character(",")),
    ])
    func refusesATranscript_namingPlaceAndFault(text: String, offset: Int, fault: TranscriptFault) {
        let error = ChessError.unreadableTranscript(offset: offset, fault)
        #expect(throws: error) { try ChessTranscript(text) }
        #expect(error.description.hasPrefix("transcript, character \(offset): "))
    }

    @Test func refusesATextAboveTheBound() {
        let text = ";" + String(repeating: " ", count: ChessTranscript.characterLimit)
        #expect(throws: ChessError.self) { try ChessTranscript(text) }
    }
}
