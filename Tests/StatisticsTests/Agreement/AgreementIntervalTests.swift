import LinearAlgebra
import Statistics
import Testing

@Suite struct AgreementIntervalTests {
    /// α of these raters is known from many items; the interval from 60 of them should hold it.
    @Test func intervalCoversAboutAtItsLevel() throws {
        var generator = SeededGenerator(seed: 8)
        let many = try RatingTable(
            numbers: AgreementTests.ratings(&generator, raters: 3, items: 100_000, categories: 3))
        let truth = try many.agreement(.krippendorffAlpha(.nominal))
        var covered = 0
        for round in 0..<300 {
            let table = try RatingTable(
                numbers: AgreementTests.ratings(&generator, raters: 3, items: 60, categories: 3))
            let found = try table.agreement(
                .krippendorffAlpha(.nominal), replicates: 200, level: 0.9, seed: UInt64(round))
            if try #require(found.estimate.interval).contains(truth) { covered += 1 }
        }
        // 0.9, give or take three standard errors and the method's shortfall.
        #expect((0.84...0.96).contains(Double(covered) / 300))
    }

    @Test func sameSeedGivesTheSameInterval() throws {
        var generator = SeededGenerator(seed: 9)
        let table = try RatingTable(
            numbers: AgreementTests.ratings(
                &generator, raters: 4, items: 30, categories: 5, missing: 0.2))
        let draw = { try table.agreement(.krippendorffAlpha(.ordinal), replicates: 500, seed: $0) }
        #expect(try draw(1) == draw(1))
        #expect(try draw(1) != draw(2))
        #expect(try draw(1).estimate.value == table.agreement(.krippendorffAlpha(.ordinal)))
    }

    /// One item in thirty is the only one of its category: over a third of the resamples miss it.
    @Test func undefinedResamplesAreCountedAndLeaveNoInterval() throws {
        let row = [Double?](repeating: 1, count: 29) + [2]
        let found = try RatingTable(numbers: [row, row]).agreement(
            .cohenKappa(.none), replicates: 1000, seed: 5)
        #expect(found.estimate.value == 1)
        #expect(found.estimate.interval == nil)
        #expect(found.replicates == 1000)
        // (29/30)^30 = 0.362 of them.
        #expect((310...415).contains(found.undefinedReplicates))
    }

    @Test func oneItemHasNoInterval() throws {
        let found = try RatingTable(numbers: [[1, nil], [2, 3]]).agreement(
            .percentAgreement, replicates: 100, seed: 1)
        #expect(found.estimate == Estimate(value: 0, interval: nil, count: 1))
        #expect(found.replicates == 0)
    }

    @Test func itemsWithoutPairsAreNotDrawn() throws {
        let ratings: [[Double?]] = [[1, 2, 1, 2, 1, nil, nil], [1, 2, 2, 2, 1, 1, nil]]
        let all = try RatingTable(numbers: ratings).agreement(
            .percentAgreement, replicates: 200, seed: 2)
        let paired = try RatingTable(numbers: ratings.map { Array($0[..<5]) }).agreement(
            .percentAgreement, replicates: 200, seed: 2)
        #expect(all == paired)
        #expect(all.estimate.count == 5)
    }
}
