import LinearAlgebra
import Testing

@testable import Rows

@Suite struct RoleDealTests {
    private func schema(time: Bool = false) throws -> RowSchema {
        try RowSchema(
            text: .single("text"), target: .numeric("stars"), group: "product",
            time: time ? "time" : nil)
    }

    /// Rows of random groups, of which some texts come twice, in a random order.
    private func rows(seed: UInt64, order: UInt64 = 0, time: Bool = false) throws -> RowSet {
        var generator = SeededGenerator(seed: seed)
        var made: [Row] = madeRows(200) { i, cells in
            cells["product"] = .text("p\(generator.below(60))")
            if generator.below(16) == 0 {
                cells["text"] = .text("said before \(generator.below(9))")
            }
            cells["time"] = .number(Double(generator.below(1_000)))
        }
        var shuffling = SeededGenerator(seed: order, stream: 3)
        if order > 0 { made = shuffling.sample(200, of: 200).map { made[$0] } }
        return try RowSet(made, schema: schema(time: time))
    }

    private func parts(_ deal: RoleDeal) throws -> [RowSet] {
        let confirm = try deal.confirm.open(deal.confirm.opening)
        return [deal.discover.rows, deal.select.rows, confirm.rows]
    }

    @Test(arguments: UInt64(0)..<50) func keepsGroupsAndDuplicatesInOneRole(seed: UInt64) throws {
        let parts = try parts(try RoleDeal(try rows(seed: seed), seed: seed))
        #expect(parts.flatMap(\.numbers).sorted() == Array(1...200))
        for (i, a) in parts.enumerated() {
            for b in parts[(i + 1)...] {
                #expect(Set(a.groupNames).isDisjoint(with: b.groupNames))
                #expect(Set(a.texts).isDisjoint(with: b.texts))
            }
        }
    }

    @Test(arguments: UInt64(1)..<20) func dealsAlike_whateverTheOrderOfRows(seed: UInt64) throws {
        for time in [false, true] {
            let plain = try RoleDeal(try rows(seed: 5, time: time), seed: seed)
            let shuffled = try RoleDeal(try rows(seed: 5, order: seed, time: time), seed: seed)
            let a = try parts(plain).map { $0.numbers.sorted() }
            let b = try parts(shuffled).map { $0.numbers.sorted() }
            #expect(a == b)
            func folds(_ deal: RoleDeal) throws -> [Int: Int] {
                let view = deal.select
                let folds = try view.folds(count: 5, seed: seed)
                return Dictionary(uniqueKeysWithValues: zip(view.rows.numbers, folds))
            }
            #expect(try folds(plain) == folds(shuffled))
        }
    }

    @Test func dealsShares_nearWhatIsAsked() throws {
        for seed in UInt64(0)..<30 {
            let parts = try parts(try RoleDeal(try rows(seed: 1), seed: seed))
            let biggest = 40
            #expect(abs(parts[0].count - 60) <= biggest && abs(parts[2].count - 60) <= biggest)
        }
        let first = try RoleDeal(try rows(seed: 1), seed: 1)
        let second = try RoleDeal(try rows(seed: 1), seed: 2)
        #expect(first.discover.indices != second.discover.indices)
    }

    @Test func keepsTheLatestUnitsForConfirm_whenRowsHaveTimes() throws {
        for seed in UInt64(0)..<20 {
            let parts = try parts(try RoleDeal(try rows(seed: seed, time: true), seed: seed))
            func latest(_ rows: RowSet) -> Double { rows.times?.max() ?? 0 }
            #expect(latest(parts[2]) >= max(latest(parts[0]), latest(parts[1])))
        }
    }

    @Test func refusesToDeal_whenOneGroupHoldsAlmostAllRows() throws {
        let rows = madeRows(100) { i, cells in cells["product"] = .text(i < 96 ? "p" : "q\(i % 2)")
        }
        #expect(throws: RowError.self) {
            try RoleDeal(try RowSet(rows, schema: schema()), seed: 1)
        }
    }

    @Test func opensConfirmRows_onlyAgainstTheirRecord() throws {
        let seal = try RoleDeal(try rows(seed: 1), seed: 1).confirm
        let other = try RoleDeal(try rows(seed: 1), seed: 2).confirm
        #expect(throws: RowError.sealBroken) { try seal.open(nil) }
        #expect(throws: RowError.sealBroken) { try seal.open(other.opening) }
        #expect(try seal.open(seal.opening).count == seal.opening.rows)
    }

    @Test(arguments: UInt64(0)..<30) func keepsUnitsWhole_inFoldsOfLikeSize(seed: UInt64) throws {
        let view = try RoleDeal(try rows(seed: seed), seed: seed).select
        let folds = try view.folds(count: 4, seed: seed)
        var foldOf: [Int: Int] = [:]
        for (unit, fold) in zip(view.units, folds) {
            #expect(foldOf.updateValue(fold, forKey: unit) ?? fold == fold)
        }
        let sizes = (0..<4).map { fold in folds.count { $0 == fold } }
        let largest = (0..<view.unitCount).map { unit in view.units.count { $0 == unit } }.max()!
        #expect(sizes.max()! - sizes.min()! <= largest)
        #expect(throws: RowError.tooFewGroups(found: view.unitCount, folds: 500)) {
            try view.folds(count: 500, seed: seed)
        }
    }

    @Test func joinsPairs_whichShareEitherText() throws {
        let schema = try RowSchema(
            text: .pair(preferred: "text", other: "second"), target: .preference)
        let rows = madeRows(90) { i, cells in cells["second"] = .text("answer \(i / 2) it is") }
        let deal = try RoleDeal(try RowSet(rows, schema: schema), seed: 1)
        #expect(deal.unitCount == 45 && deal.nearDuplicateCount == 90)
    }
}
