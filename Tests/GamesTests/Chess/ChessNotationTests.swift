import Games
import LinearAlgebra
import Testing

@Suite struct ChessNotationTests {
    @Test func readsAndWritesTheStartPosition() throws {
        let fen = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
        #expect(ChessPosition.start.fen == fen)
        #expect(try ChessPosition(fen: fen) == .start)
        #expect(try ChessPosition(fen: String(fen.dropLast(4))) == .start)
    }

    @Test(arguments: [
        ("", FENFault.fieldCount(0)), ("8/8/8/8/8/8/8/8 w - - 0", .fieldCount(5)),
        ("k7/8/8/8/8/8/K7 w - -", .placement), ("k8/8/8/8/8/8/8/K7 w - -", .placement),
        ("k7/8/8/8/8/8/8/K6 w - -", .placement), ("k7/8/8/8/8/8/8/K6x w - -", .placement),
        ("k7/8/8/8/8/8/8/K7 W - -", .turn), ("k7/8/8/8/8/8/8/K7 w kK -", .castling),
        ("k7/8/8/8/8/8/8/K7 w KK -", .castling), ("k7/8/8/8/8/8/8/K7 w - e9", .enPassant),
        ("k7/8/8/8/8/8/8/K7 w - - -1 1", .number("-1", least: 0)),
        ("k7/8/8/8/8/8/8/K7 w - - 0 0", .number("0", least: 1)),
        ("k7/8/8/8/8/8/8/8 w - -", .kings), ("kk6/8/8/8/8/8/8/K7 w - -", .kings),
        ("k6P/8/8/8/8/8/8/K7 w - -", .pawnOnLastRank),
        ("k7/8/8/8/8/8/8/K7 w K -", .castlingWithoutPieces),
        ("4k3/8/8/8/8/8/8/R3K3 w K -", .castlingWithoutPieces),
        ("k7/8/8/8/8/8/8/K7 w - e6", .enPassantWithoutPawn),
        ("k7/8/8/4p3/8/8/8/K7 b - e6", .enPassantWithoutPawn),
        ("k7/4p3/8/4p3/8/8/8/K7 w - e6", .enPassantWithoutPawn),
        ("k7/8/8/8/8/8/8/R6K w - -", .opponentInCheck),
        (String(repeating: "8", count: 129), .tooLong(byteCount: 129, limit: 128)),
    ])
    func refusesAPosition_namingTheFault(fen: String, fault: FENFault) {
        let shown = fen.count > 24 ? fen.prefix(24) + "…" : fen[...]
        #expect(throws: ChessError.unreadableFEN(String(shown), fault)) {
            try ChessPosition(fen: fen)
        }
        #expect(fault.description.count > 20)
    }

    @Test func readsMovesLooselyWritten() throws {
        let position = try ChessPosition(fen: "r3k2r/1P6/8/8/8/8/8/R3K1NR w KQkq - 0 1")
        let expected = [
            ("0-0-0", "e1c1"), ("O-O-O!?", "e1c1"), ("bxa8=Q", "b7a8q"), ("ba8Q", "b7a8q"),
            ("b8N+", "b7b8n"), ("Nf3", "g1f3"), ("Ng1f3", "g1f3"), ("Ng1-f3", "g1f3"),
            ("Rxa8", "a1a8"), ("Ra8#", "a1a8"), ("R1a3", "a1a3"),
        ]
        for (text, coordinates) in expected {
            #expect(try position.move(san: text).coordinates == coordinates, "\(text)")
        }
    }

    @Test(arguments: [
        ("", SANFault.unreadable), ("e", .unreadable), ("e44", .unreadable), ("Ze4", .unreadable),
        ("--", .unreadable), ("e4 e5", .unreadable), ("é4", .unreadable),
        ("Nfdfdfdfdfdfdfdfd3", .unreadable), ("e5", .illegal), ("O-O", .illegal),
        ("O-O-O", .illegal), ("Ke2", .illegal), ("xe5", .illegal), ("e4=Q", .promotion),
    ])
    func refusesAMoveOfTheStart_namingTheFault(text: String, fault: SANFault) {
        #expect {
            try ChessPosition.start.move(san: text)
        } throws: { error in
            guard case ChessError.refusedMove(_, let found, _) = error else { return false }
            return found == fault
        }
    }

    @Test func namesTheRivals_whenAMoveIsAmbiguous() throws {
        let position = try ChessPosition(fen: "7k/8/8/8/R7/8/8/R3R2K w - - 0 1")
        let error = ChessError.refusedMove("Ra2", .ambiguous(["R1a2", "R4a2"]), fen: position.fen)
        #expect(throws: error) { try position.move(san: "Ra2") }
        #expect(error.description.hasSuffix("Write one of R1a2, R4a2."))
        let three = try ChessPosition(fen: "6k1/8/8/8/8/2Q5/8/Q1Q4K w - - 0 1")
        let texts = three.legalMoves.filter { $0.to.chessName == "a3" }.compactMap { three.san($0) }
        #expect(texts.sorted() == ["Q3a3", "Qaa3", "Qc1a3"])
        #expect(throws: ChessError.self) { try three.move(san: "Qa3") }
    }

    @Test func asksForThePromotion_whenAPawnReachesTheLastRank() throws {
        let position = try ChessPosition(fen: "8/P6k/8/8/8/8/8/K7 w - - 0 1")
        #expect(throws: ChessError.refusedMove("a8", .promotion, fen: position.fen)) {
            try position.move(san: "a8")
        }
        #expect(throws: ChessError.refusedMove("a8=K", .promotion, fen: position.fen)) {
            try position.move(san: "a8=K")
        }
    }

    @Test func readsOrRefusesAnyGarbage() {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5000 {
            let text = Garbage.text(from: "abceh1234578NBRQKOx=+#-0 é!", using: &generator)
            if let move = try? ChessPosition.start.move(san: text) {
                #expect(ChessPosition.start.legalMoves.contains(move))
            }
            _ = try? ChessPosition(fen: text + " w KQkq - 0 1")
        }
        let fen = Array(ChessPosition.start.fen)
        for _ in 0..<5000 {
            var changed = fen
            for _ in 0...generator.below(3) {
                changed[generator.below(fen.count)] = Array("kKpPrR/8 1wb-e36")[generator.below(16)]
            }
            guard let position = try? ChessPosition(fen: String(changed)) else { continue }
            #expect((try? ChessPosition(fen: position.fen)) == position)
            for move in position.legalMoves { #expect(position.playing(move) != nil) }
        }
    }

    @Test func tellsMateFromStalemate() throws {
        let mate = try ChessPosition(
            fen: "rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3")
        #expect(mate.isCheckmate && !mate.isStalemate && mate.isCheck)
        let stale = try ChessPosition(fen: "7k/5Q2/6K1/8/8/8/8/8 b - - 0 1")
        #expect(stale.isStalemate && !stale.isCheckmate && stale.legalMoves.isEmpty)
    }
}

extension FENFault {
    fileprivate var description: String { ChessError.unreadableFEN("", self).description }
}
