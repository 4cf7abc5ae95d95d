import Foundation
import Testing

@testable import Rows

@Suite struct RowSetTests {
    private func schema(
        _ target: TargetSpecification = .numeric("stars"), minimumTrials: Int = 1
    ) throws -> RowSchema {
        try RowSchema(
            text: .single("text"), target: target, group: "product", identifier: "id",
            minimumTrials: minimumTrials)
    }

    @Test func refusesRows_whenAColumnIsMissing() throws {
        let wanted = try RowSchema(text: .single("text"), target: .numeric("helpfulness"))
        let rows = madeRows(40)
        let missing = RowError.missingColumn(
            "helpfulness", row: RowPlace(number: 1, line: 1), known: rows[0].columns)
        #expect(throws: missing) { try RowSet(rows, schema: wanted) }
        #expect(missing.description.contains("\"helpfulness\": every row from row 1 lacks it"))
        let csv = RowError.missingColumn("helpfulness", row: nil, known: ["text", "a"])
        #expect(throws: csv) { try rowSet("text,a\nx,1\n", wanted, .csv) }
        #expect(csv.description.contains("the header lacks it; there are: \"text\", \"a\""))
    }

    @Test func setsRowAside_whenOnlyItLacksTheColumn() throws {
        let rows = madeRows(40) { i, cells in
            if i == 3 { cells["stars"] = nil }
            if i == 4 { cells["text"] = .text("  ") }
            if i == 5 { cells["text"] = .number(5) }
            if i == 6 { cells["stars"] = .text("N/A") }
        }
        let set = try RowSet(rows, schema: schema())
        #expect(set.count == 36 && set.setAside.count == 4)
        #expect(set.setAside.count(of: .noValue) == 2)
        #expect(set.setAside.count(of: .emptyText) == 1)
        #expect(set.setAside.count(of: .notText) == 1)
        #expect(set.setAside.entries[0].examples[0].place.number == 4)
        #expect(!set.numbers.contains(4))
        #expect(set.setAside.description.contains("column \"text\" is no text; first row 6"))
    }

    @Test func refusesRows_whenTheTargetMixesTypes() throws {
        let rows = madeRows(40) { i, cells in
            if i == 16 { cells["stars"] = .text("five") }
        }
        let error = #expect(throws: RowError.self) { try RowSet(rows, schema: schema()) }
        let text = try #require(error).description
        #expect(
            text
                == "row 17, column \"stars\": found the text \"five\" where a number is due, as in "
                + "row 1; correct the row or leave it out")
        let numeral = madeRows(40) { i, cells in
            if i == 2 { cells["stars"] = .text("5") }
        }
        #expect(throws: RowError.self) { try RowSet(numeral, schema: schema()) }
        let lines = (0..<40).map { "t\($0),\($0 == 7 ? "0x5" : "5")" }.joined(separator: "\n")
        let plain = try RowSchema(text: .single("text"), target: .numeric("stars"))
        let csv = #expect(throws: RowError.self) { try rowSet("text,stars\n" + lines, plain, .csv) }
        #expect(try #require(csv).description.hasPrefix("row 8 (line 9), column \"stars\": found"))
    }

    @Test func refusesRows_whenAllTargetsAreEqual() throws {
        let rows = madeRows(40) { _, cells in cells["stars"] = .number(4) }
        #expect(throws: RowError.equalTarget(columns: ["stars"], value: 4, count: 40)) {
            try RowSet(rows, schema: schema())
        }
    }

    @Test func refusesRows_whenThereAreFive() throws {
        #expect(throws: RowError.tooFewRows(found: 5, needed: 30, setAside: SetAside())) {
            try RowSet(madeRows(5), schema: schema())
        }
    }

    @Test func namesRowAndColumn_whenEveryRowIsBad() throws {
        let rows = madeRows(40) { _, cells in cells["text"] = .missing }
        let error = #expect(throws: RowError.self) { try RowSet(rows, schema: schema()) }
        let text = try #require(error).description
        #expect(text.contains("0 usable rows"))
        #expect(text.contains("40 rows set aside: column \"text\" has no value; first row 1"))
    }

    @Test func setsDuplicatesAside_butTheFirst() throws {
        let rows = madeRows(40) { i, cells in
            if i == 9 || i == 20 { cells["id"] = .text("r4") }
            if i == 4 { cells["stars"] = .number(2) }
        }
        let set = try RowSet(rows, schema: schema())
        #expect(set.setAside.count(of: .duplicateIdentifier) == 2)
        #expect(set.numbers.contains(5) && !set.numbers.contains(10) && !set.numbers.contains(21))
    }

    @Test func keepsAnIdentifierFree_whenItsFirstRowIsUnusable() throws {
        let rows = madeRows(40) { i, cells in
            if i == 4 { cells["text"] = .missing }
            if i == 9 { cells["id"] = .text("r4") }
        }
        let set = try RowSet(rows, schema: schema())
        #expect(set.setAside.count(of: .duplicateIdentifier) == 0 && set.numbers.contains(10))
    }

    @Test func readsCounts_asSharesOfTrials() throws {
        let rows = madeRows(60) { i, cells in
            if i == 1 { cells["yes"] = .number(9) }
            if i == 2 { cells["yes"] = .number(0.5) }
        }
        let target = try #require(TargetSpecification("yes/all"))
        let set = try RowSet(rows, schema: schema(target, minimumTrials: 2))
        let trials = try #require(set.trials)
        #expect(trials.allSatisfy { $0 >= 2 })
        #expect(set.setAside.count(of: .impossibleCounts) == 2)
        for (i, number) in set.numbers.enumerated() {
            let at = number - 1
            #expect(set.target[i] == Double(at % 4) / Double(at % 4 + at % 3))
        }
    }

    @Test func readsOrdinalTargets_asRanks() throws {
        let rows = madeRows(40) { i, cells in cells["stars"] = .number([10, 30, 20][i % 3]) }
        let set = try RowSet(rows, schema: schema(.ordinal("stars")))
        #expect(set.levels == [10, 20, 30])
        #expect(Array(set.target.prefix(3)) == [0, 2, 1])
        let many = madeRows(80) { i, cells in cells["stars"] = .number(Double(i)) }
        #expect(throws: RowError.self) { try RowSet(many, schema: schema(.ordinal("stars"))) }
    }

    @Test func readsBinaryTargets_inTheirSpellings() throws {
        let spellings: [[Cell]] = [
            [.flag(true), .flag(false)], [.number(1), .number(0)], [.text("Yes"), .text("no")],
        ]
        for pair in spellings {
            let rows = madeRows(40) { i, cells in cells["stars"] = pair[i % 2] }
            let set = try RowSet(rows, schema: schema(.binary("stars")))
            #expect(Array(set.target.prefix(2)) == [1, 0])
        }
        let rows = madeRows(40) { i, cells in cells["stars"] = i == 0 ? .flag(true) : .number(1) }
        #expect(throws: RowError.self) { try RowSet(rows, schema: schema(.binary("stars"))) }
    }

    @Test func readsPairs_withoutTellingByOrderWhichWasPreferred() throws {
        let schema = try RowSchema(
            text: .pair(preferred: "text", other: "second"), target: .preference)
        let rows = madeRows(401) { i, cells in
            cells["second"] = i == 400 ? cells["text"] : .text("the other text \(i)")
        }
        let set = try RowSet(rows, schema: schema)
        #expect(set.count == 400 && set.setAside.count(of: .equalTexts) == 1)
        let others = try #require(set.otherTexts)
        for i in 0..<400 {
            #expect((set.target[i] == 1) == set.texts[i].hasPrefix("text number"))
            #expect((set.target[i] == 0) == others[i].hasPrefix("text number"))
        }
        #expect(abs(set.target.reduce(0, +) - 200) < 60)
        #expect(throws: RowError.self) {
            try RowSchema(text: .single("text"), target: .preference)
        }
    }

    @Test func readsGroupsTimesConfoundersAndStrata() throws {
        let schema = try RowSchema(
            text: .single("text"), target: .numeric("stars"), group: "product", time: "date",
            confounders: ["all"], strata: "side")
        let rows = madeRows(40) { i, cells in
            cells["date"] = .text(i % 2 == 0 ? "July \(i % 28 + 1), 2006" : "2006-07-01T00:00:00Z")
            cells["side"] = i == 0 ? .missing : .text(i % 2 == 0 ? "left" : "right")
        }
        let set = try RowSet(rows, schema: schema)
        #expect(set.groups == (0..<40).map { $0 / 3 })
        #expect(try #require(set.times)[1] == 1_151_712_000)
        #expect(try #require(set.times)[0] == 1_151_712_000)
        #expect(try #require(set.times)[2] == 1_151_712_000 + 2 * 86_400)
        #expect(set.confounders[0].values[5] == 3)
        #expect(try #require(set.strata).prefix(3) == ["missing", "right", "left"])
        let bad = rows.map { row in
            row.number != 12
                ? row
                : Row(
                    place: row.place, columns: row.columns,
                    cells: row.columns.map { $0 == "date" ? .text("soon") : row[$0] ?? .missing })
        }
        let error = #expect(throws: RowError.self) { try RowSet(bad, schema: schema) }
        #expect(try #require(error).description.hasPrefix("row 12, column \"date\": found"))
    }

    @Test func readsInputs_withoutTargetsOrGroups() throws {
        let schema = try RowSchema(
            text: .single("text"), target: .numeric("stars"), group: "product",
            identifier: "id", confounders: ["price"])
        let place = RowPlace(number: 3, line: 3)
        func input(_ cells: [Cell]) -> InputReading {
            schema.input(
                of: .row(Row(place: place, columns: ["id", "text", "price"], cells: cells)))
        }
        let whole = RowInput(
            place: place, text: "fine", otherText: nil, confounders: [2.5], identifier: "7")
        #expect(input([.number(7), .text("fine"), .text("2.5")]) == .input(whole))
        guard
            case .setAside(place, let reason, let detail) =
                input([.number(7), .text("fine"), .text("cheap")])
        else { throw RowError.sealBroken }
        #expect(reason.kind == .wrongType && detail.contains("column \"price\": found the text"))
    }

    @Test func escapesWhatAFileSays_inMessages() {
        let nasty = "a\u{1B}[31m\nb\u{202E}" + String(repeating: "x", count: 500)
        let quoted = RowError.quoted(nasty)
        #expect(!quoted.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
        #expect(quoted.count < 90)
    }

    @Test func readsTargets_asUsersWriteThem() {
        #expect(TargetSpecification("a/b") == .counts(successes: "a", trials: "b"))
        #expect(TargetSpecification("a/b", kind: .numeric) == .numeric("a/b"))
        #expect(TargetSpecification("a") == .numeric("a"))
        #expect(TargetSpecification("a", kind: .counts) == nil)
    }
}
