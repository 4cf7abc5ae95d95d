import Statistics
import Testing

/// Ratings that do not determine a figure, and tables that are none.
@Suite struct AgreementGapTests {
    func gap(_ ratings: [[Double?]], _ statistic: AgreementStatistic) throws -> AgreementGap? {
        let table = try RatingTable(numbers: ratings)
        do throws(AgreementGap) {
            let value = try table.agreement(statistic)
            #expect(value.isFinite)
            return nil
        } catch { return error }
    }

    @Test func refusesFewerThanTwoRaters() throws {
        for statistic in AgreementTests.all {
            #expect(try gap([[1, 2, 3]], statistic) == .tooFewRaters(1))
            #expect(try gap([], statistic) == .tooFewRaters(0))
        }
    }

    @Test func refusesTables_whenNoItemHasTwoRatings() throws {
        for statistic in AgreementTests.all {
            #expect(try gap([[1, nil, 3], [nil, 2, nil]], statistic) == .noPairs)
            #expect(try gap([[], []], statistic) == .noPairs)
        }
    }

    @Test func refusesTables_whenAllRatingsAreTheSame() throws {
        for statistic in AgreementTests.all where statistic != .percentAgreement {
            #expect(try gap([[2, 2, 2], [2, 2, 2]], statistic) == .oneCategory)
        }
        #expect(try gap([[2, 2, 2], [2, 2, 2]], .percentAgreement) == nil)
    }

    @Test func refusesKappa_whenRatersAreNotTwoOrItemsUneven() throws {
        let three: [[Double?]] = [[1, 2], [1, 2], [2, nil]]
        #expect(try gap(three, .cohenKappa(.none)) == .tooManyRaters(3))
        #expect(try gap(three, .fleissKappa) == .unequalCounts(least: 2, most: 3))
        let two = try RatingTable(numbers: three).keeping(raters: [0, 1])
        #expect(try two.agreement(.cohenKappa(.none)) == 1)
    }

    @Test func refusesDistances_whenCategoriesHaveNone() throws {
        let named = try RatingTable(labels: [["a", "b", "a"], ["a", "b", "b"]])
        #expect(throws: AgreementGap.needsOrder) { try named.agreement(.cohenKappa(.linear)) }
        #expect(throws: AgreementGap.needsOrder) {
            try named.agreement(.krippendorffAlpha(.ordinal))
        }
        #expect(throws: AgreementGap.needsNumbers) {
            try named.agreement(.krippendorffAlpha(.interval))
        }
        #expect(try gap([[-1, 2], [1, 2]], .krippendorffAlpha(.ratio)) == .negative(-1))
    }

    @Test func refusesTablesThatAreNone() {
        #expect(throws: RatingTableError.ragged(rater: 1, found: 1, expected: 2)) {
            try RatingTable(numbers: [[1, 2], [1]])
        }
        #expect(throws: RatingTableError.notFinite(.infinity)) {
            try RatingTable(numbers: [[1, .infinity]])
        }
        #expect(throws: RatingTableError.repeatedCategory("no")) {
            try RatingTable(labels: [["no"]], order: ["no", "no"])
        }
        #expect(throws: RatingTableError.unknownCategory("maybe", known: ["no", "yes"])) {
            try RatingTable(labels: [["maybe"]], order: ["no", "yes"])
        }
    }
}
