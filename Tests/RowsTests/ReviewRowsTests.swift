import Foundation
import Testing

@testable import Rows

/// Whether the real reviews are at hand; they are not part of the package.
private let reviewFolder = "../shared/data/reviews"
private let hasReviews = FileManager.default.fileExists(
    atPath: reviewFolder + "/amazon-books.jsonl")

@Suite(.enabled(if: hasReviews, "no reviews at ../shared/data/reviews"))
struct ReviewRowsTests {
    @Test(arguments: [("books", 1_012), ("electronics", 723)])
    func readsReviews_withVotesByProduct(name: String, count: Int) throws {
        let schema = try RowSchema(
            text: .single("text"),
            target: .counts(successes: "helpful_yes", trials: "helpful_total"),
            group: "asin", time: nil, confounders: ["rating"], strata: "polarity",
            minimumTrials: 5)
        let rows = try RowSet(
            reading: reviewFolder + "/amazon-\(name).jsonl", schema: schema)
        #expect(rows.count == count && rows.count + rows.setAside.count == 2_000)
        #expect(
            rows.setAside.count(of: .noValue) + rows.setAside.count(of: .tooFewTrials)
                == rows.setAside.count)
        let deal = try RoleDeal(rows, seed: 1)
        #expect(abs(Double(deal.select.count) / Double(count) - 0.4) < 0.02)
    }

    @Test func readsEmotions_fromCSV() throws {
        let schema = try RowSchema(
            text: .single("text"), target: .numeric("V"), identifier: "id", strata: "split")
        let rows = try RowSet(reading: reviewFolder + "/emobank.csv", schema: schema)
        #expect(rows.count + rows.setAside.count == 10_062)
        let deal = try RoleDeal(rows, seed: 1)
        #expect(deal.nearDuplicateCount > 100)
    }

    @Test func dealsByDate() throws {
        let schema = try RowSchema(
            text: .single("text"),
            target: .counts(successes: "helpful_yes", trials: "helpful_total"),
            time: "date", minimumTrials: 5)
        let rows = try RowSet(reading: reviewFolder + "/amazon-books.jsonl", schema: schema)
        let deal = try RoleDeal(rows, seed: 1)
        #expect(deal.discover.count > 200 && deal.confirm.opening.rows > 200)
    }
}
