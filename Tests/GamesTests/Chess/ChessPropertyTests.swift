import Games
import LinearAlgebra
import Testing

@Suite struct ChessPropertyTests {
    @Test func listsDistinctProperties_908AsPublishedAnd876ThatCanHold() {
        #expect(ChessProperty.boardState(.reference).count == 768)
        #expect(ChessProperty.catalogue(.reference).count == 908)
        let catalogue = ChessProperty.catalogue()
        #expect(catalogue.count == 876)
        #expect(Set(catalogue.map(\.formula)).count == catalogue.count)
        let sentences = [false, true].flatMap { negated in
            catalogue.map { $0.sentence(negated: negated) }
        }
        #expect(Set(sentences).count == 2 * catalogue.count)
    }

    @Test func readsBackEveryFormula_alsoInOtherCaseAndSpacing() throws {
        for property in ChessProperty.catalogue(.reference) {
            #expect(try ChessProperty.parse(property.formula) == property)
            #expect(try ChessProperty.parse(" " + property.formula.uppercased() + " ") == property)
        }
    }

    @Test func speaksPlainly() throws {
        let expected = [
            ("whiteKnight(f3)", "f3 holds a white knight", "f3 does not hold a white knight"),
            ("canCheck", "the mover can give check", "the mover cannot give check"),
            ("legal(e4)", "a legal move ends on e4", "no legal move ends on e4"),
            ("pin", "a piece is pinned to its king", "no piece is pinned to its king"),
        ]
        for (formula, plain, negated) in expected {
            let property = try ChessProperty.parse(formula)
            #expect(property.sentence(negated: false) == plain)
            #expect(property.sentence(negated: true) == negated)
        }
    }

    @Test(arguments: [
        ("", ChessPropertyFault.unknownForm), ("whiteKnight", .unknownForm),
        ("whiteKnight(", .unknownForm), ("knight(f3)", .unknownForm), ("check()", .unknownForm),
        ("legal()", .unknownSquare("")), ("legal(i1)", .unknownSquare("i1")),
        (String(repeating: "x", count: 65), .tooLong(byteCount: 65, limit: 64)),
    ])
    func refusesText_namingTheFault(text: String, fault: ChessPropertyFault) {
        let shown = text.count > 24 ? text.prefix(24) + "…" : text[...]
        #expect(throws: ChessError.unreadableProperty(String(shown), fault)) {
            try ChessProperty.parse(text)
        }
    }

    /// Each position holds by one set of definitions and not by the other.
    @Test(arguments: [
        ("8/8/8/8/q6k/2N5/8/K7 w - - 0 1", "fork", false, false),
        ("3q2k1/8/4N3/8/8/8/8/K7 w - - 0 1", "fork", false, false),
        ("6k1/2N5/4r3/1q6/8/8/8/K7 w - - 0 1", "fork", true, false),
        ("7k/8/8/3q4/8/2N1N3/8/K7 w - - 0 1", "fork", false, true),
        ("7k/8/8/3q4/2P1P3/8/8/K7 w - - 0 1", "ambiguousMoves", false, true),
        ("7k/8/8/8/8/2N1N3/8/K7 w - - 0 1", "ambiguousMoves", true, true),
        ("5q1k/8/8/8/8/8/1q6/K7 w - - 0 1", "canCaptureQueen", true, false),
        ("7k/8/8/8/8/8/8/KB1B4 w - - 0 1", "bishopPair", false, true),
        ("7k/8/8/8/8/8/8/KBB5 w - - 0 1", "bishopPair", true, true),
        ("7k/8/8/8/8/8/8/K7 b - - 0 1", "legal(g7)", true, false),
        ("7k/8/8/8/8/8/8/K7 b - - 0 1", "threatened(a2)", true, false),
        ("7k/8/8/8/8/8/8/K7 w - - 0 1", "threatened(g7)", true, true),
        ("rnbqkbnr/8/8/8/8/8/8/RNBQKBNR w - - 0 1", "whiteRook(a1)", true, false),
        ("rnbqkbnr/8/8/8/8/8/8/NRBQKBNR w - - 0 1", "whiteRook(b1)", true, true),
        ("4k3/8/8/8/8/8/8/R3K3 w Q - 0 1", "castling", true, true),
        ("4k3/8/8/8/8/8/8/R3K3 w Q - 0 1", "castlingKingside", false, false),
    ])
    func differsFromTheReference_whereItsQuirksMatter(
        fen: String, formula: String, clean: Bool, reference: Bool
    ) throws {
        let property = try ChessProperty.parse(formula)
        let position = try ChessPosition(fen: fen)
        #expect(property.holds(in: ChessObservation(position)) == clean)
        #expect(
            property.holds(in: ChessObservation(position, definitions: .reference)) == reference)
    }

    @Test func agreesWithTheReference_whereItsQuirksDoNotMatter() throws {
        var generator = SeededGenerator(seed: 8)
        let game = try ChessGame(moves: Chess.randomGame(plyLimit: 200, using: &generator))
        let same = try ["check", "canCheck", "queen", "castling", "pin", "enPassant"]
            .map(ChessProperty.parse)
        for position in game.positions {
            let clean = ChessObservation(position)
            let reference = ChessObservation(position, definitions: .reference)
            for property in same {
                #expect(property.holds(in: clean) == property.holds(in: reference))
            }
            guard position.turn == .white else { continue }
            #expect(clean.legal == reference.legal && clean.threatened == reference.threatened)
        }
    }

    @Test func packsTheBitsOfManyPositions() throws {
        var generator = SeededGenerator(seed: 2)
        let game = try ChessGame(moves: Chess.randomGame(plyLimit: 150, using: &generator))
        let positions = game.positions
        let catalogue = ChessProperty.catalogue()
        let bits = ChessProperty.bits(of: catalogue, in: positions)
        #expect(bits.count == catalogue.count)
        #expect(bits.allSatisfy { $0.count == (positions.count + 63) / 64 })
        for (row, position) in positions.enumerated() {
            let observation = ChessObservation(position)
            for (property, words) in zip(catalogue, bits) {
                let bit = words[row / 64] >> UInt64(row % 64) & 1 == 1
                #expect(bit == property.holds(in: observation))
            }
        }
        let none = ChessProperty.bits(of: catalogue, in: [])
        #expect(none == Array(repeating: [], count: catalogue.count))
    }
}
