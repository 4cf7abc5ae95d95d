import Games
import LinearAlgebra
import Testing

@Suite struct BoardPropertyTests {
    static let boards = [Othello.sixBySix, .eightByEight]

    @Test(arguments: boards)
    func agreesWithTheArrayBoard_forTheWholeCatalogue(rules: Othello) throws {
        let catalogue = BoardProperty.catalogue(for: rules)
        let questions = catalogue.map { Question($0.formula(on: rules)) }
        var wasTrue = Array(repeating: false, count: catalogue.count)
        var wasFalse = wasTrue
        for seed in 0..<UInt64(rules.size == 6 ? 40 : 25) {
            let game = try PlayedGame(seed: seed, on: rules)
            var board = ArrayBoard(size: rules.size)
            for (ply, position) in game.positions.enumerated() {
                let seen = Observation(position, on: rules)
                let facts = Facts(board)
                for (index, property) in catalogue.enumerated() {
                    let holds = property.holds(in: seen)
                    if holds { wasTrue[index] = true } else { wasFalse[index] = true }
                    if holds != facts.answer(questions[index]) {
                        Issue.record("\(property.formula(on: rules)), seed \(seed), ply \(ply)")
                    }
                }
                if ply < game.moves.count { board.play(try rules.array(game.moves[ply])) }
            }
        }
        let never = catalogue.indices.filter { !wasTrue[$0] || !wasFalse[$0] }
        let constant = never.map { catalogue[$0].formula(on: rules) }
        #expect(constant.count < 12, "hardly any property may look constant: \(constant)")
        #expect(constant.allSatisfy { $0.contains(">=") })
    }

    @Test func listsDistinctProperties_332On6x6And592On8x8() {
        for (rules, count) in zip(Self.boards, [332, 592]) {
            let catalogue = BoardProperty.catalogue(for: rules)
            #expect(catalogue.count == count)
            #expect(Set(catalogue).count == catalogue.count)
            #expect(Set(catalogue.map { $0.formula(on: rules) }).count == catalogue.count)
            let plain = catalogue.map { $0.sentence(on: rules, negated: false) }
            let negated = catalogue.map { $0.sentence(on: rules, negated: true) }
            #expect(Set(plain + negated).count == 2 * catalogue.count)
        }
    }

    @Test(arguments: boards)
    func readsBackEveryFormula_alsoInOtherCaseAndSpacing(rules: Othello) throws {
        for property in BoardProperty.catalogue(for: rules) {
            let formula = property.formula(on: rules)
            #expect(try BoardProperty.parse(formula, on: rules) == property)
            let shouted = " " + formula.uppercased().replacing(">=", with: " ≥ ")
            #expect(try BoardProperty.parse(shouted, on: rules) == property)
        }
    }

    @Test func speaksPlainly() throws {
        let rules = Othello.eightByEight
        let expected: [(String, String, String)] = [
            ("theirs(D3)", "D3 holds the opponent's disc", "D3 does not hold the opponent's disc"),
            ("justFlipped(C4)", "C4 was just flipped", "C4 was not just flipped"),
            ("justPlayed(B2)", "B2 was just played", "B2 was not just played"),
            (
                "moveNumber>=12", "at least 12 moves have been played",
                "fewer than 12 moves have been played"
            ),
            (
                "flipped>=1", "at least 1 disc was just flipped",
                "fewer than 1 disc was just flipped"
            ),
            (
                "lead>=-3", "the mover does not trail by more than 3 discs",
                "the mover trails by more than 3 discs"
            ),
            (
                "lead>=1", "the mover leads by 1 disc or more",
                "the mover does not lead by 1 disc or more"
            ),
            (
                "lead>=0", "the mover has at least as many discs as the opponent",
                "the mover has fewer discs than the opponent"
            ),
            ("moverIsBlack", "Black is to move", "White is to move"),
        ]
        for (formula, plain, negated) in expected {
            let property = try BoardProperty.parse(formula, on: rules)
            #expect(property.sentence(on: rules, negated: false) == plain)
            #expect(property.sentence(on: rules, negated: true) == negated)
        }
    }

    @Test(arguments: [
        ("", PropertyFault.unknownForm), ("mine", .unknownForm), ("mine(", .unknownForm),
        ("yours(A1)", .unknownForm), ("passed()", .unknownForm), ("size>=3", .unknownForm),
        ("mine()", .unknownSquare("", size: 6)), ("mine(G1)", .unknownSquare("g1", size: 6)),
        ("mine>=", .numberOutOfRange("", allowed: 0...64)),
        ("mine>=65", .numberOutOfRange("65", allowed: 0...64)),
        ("legal>=-1", .numberOutOfRange("-1", allowed: 0...64)),
        ("lead>=-65", .numberOutOfRange("-65", allowed: -64...64)),
        (
            "mine>=99999999999999999999",
            .numberOutOfRange("99999999999999999999", allowed: 0...64)
        ),
        (String(repeating: "x", count: 65), .tooLong(byteCount: 65, limit: 64)),
    ])
    func refusesText_namingTheFault(text: String, fault: PropertyFault) {
        let shown = text.count > 24 ? text.prefix(24) + "…" : text[...]
        #expect(throws: GameError.unreadableProperty(String(shown), fault)) {
            try BoardProperty.parse(text, on: .sixBySix)
        }
    }

    @Test func explainsTheCure_whenAFormIsUnknown() {
        let error = GameError.unreadableProperty("yours(A1)", .unknownForm)
        #expect(
            error.description.hasPrefix(
                "board property \"yours(A1)\": no known form. Write one of mine(A1), "))
    }

    @Test func readsOrRefusesAnyGarbage_andReadsBackWhatItAccepts() {
        let rules = Othello.sixBySix
        var generator = SeededGenerator(seed: 11)
        let heads = ["", "mine", "lead", "theirs(", "moveNumber>=", "passed", "legal≥", "empty("]
        var accepted = 0
        for _ in 0..<5000 {
            let tail = Garbage.text(from: "A1b2F6)(>=≥-+09 \né👩‍👧\u{301}", using: &generator)
            let text = heads[generator.below(heads.count)] + tail
            guard let property = try? BoardProperty.parse(text, on: rules) else { continue }
            accepted += 1
            #expect((try? .parse(property.formula(on: rules), on: rules)) == property)
        }
        #expect(accepted > 50)
    }
}

/// A formula taken apart by the tests' own means.
private struct Question {
    let name: String
    let square: String?
    let number: Int?

    init(_ formula: String) {
        if formula.hasSuffix(")") {
            let parts = formula.dropLast().split(separator: "(")
            (name, square, number) = (String(parts[0]), String(parts[1]), nil)
        } else if formula.contains(">=") {
            let parts = formula.split(separator: ">=")
            (name, square, number) = (String(parts[0]), nil, Int(parts[1]))
        } else {
            (name, square, number) = (formula, nil, nil)
        }
    }
}

/// What the mover sees, worked out from the array board.
private struct Facts {
    var sets: [String: Set<String>] = [:]
    var numbers: [String: Int] = [:]
    var flags: [String: Bool] = [:]

    init(_ board: ArrayBoard) {
        let me = board.turn
        let you = ArrayBoard.opponent(of: me)
        func names(_ cells: [ArrayBoard.Cell]) -> Set<String> { Set(cells.map(\.name)) }
        sets["mine"] = names(board.cells.filter { board.disc(at: $0) == me })
        sets["theirs"] = names(board.cells.filter { board.disc(at: $0) == you })
        sets["empty"] = names(board.cells.filter { board.disc(at: $0) == nil })
        sets["justPlayed"] = names([board.last].compactMap { $0 })
        sets["previouslyPlayed"] = names([board.beforeLast].compactMap { $0 })
        sets["playedByMover"] = names(Array(board.played[me] ?? []))
        sets["justFlipped"] = names(Array(board.flipped))
        sets["legalNext"] = names(Array(board.legal))
        numbers["moveNumber"] = board.moveCount
        numbers["flipped"] = board.flipped.count
        numbers["legal"] = board.legal.count
        numbers["mine"] = board.count(me)
        numbers["lead"] = board.count(me) - board.count(you)
        numbers["cornersMine"] = board.corners.filter { board.disc(at: $0) == me }.count
        numbers["cornersTheirs"] = board.corners.filter { board.disc(at: $0) == you }.count
        flags["moverIsBlack"] = me == .black
        flags["passed"] = board.passed
    }

    func answer(_ question: Question) -> Bool? {
        if let square = question.square { return sets[question.name]?.contains(square) }
        if let number = question.number { return numbers[question.name].map { $0 >= number } }
        return flags[question.name]
    }
}
