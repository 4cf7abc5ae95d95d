import Inquiry
import LinearAlgebra
import Memory
import Statistics
import Testing

@testable import Reviewing

@Suite struct RaterTableTests {
    let memory: SampleMemory
    let queue: ReviewQueue

    init() throws {
        memory = try SampleMemory()
        queue = ReviewQueue(store: memory.store)
    }

    private func vote(
        _ verb: ReviewVerb, on id: String, by rater: String, rating: Int? = nil,
        seconds: Double = 1
    ) async throws {
        let sheet = try await queue.sheet(of: id, rater: rater)
        try await queue.act(
            .init(
                verb, contentHash: sheet.contentHash, reason: "r", rating: rating,
                text: verb == .edit ? sheet.sheet.claim + "!" : nil, seconds: seconds),
            on: id, rater: rater)
    }

    @Test func emptyQueueHasNoRaters() async throws {
        let table = try await queue.raters(replicates: 10)
        #expect(table.raters == [])
        #expect(table.agreement == [])
        #expect(table.pairs == [])
    }

    /// The figures are those of the same votes written as a table.
    @Test func agreementIsThatOfTheVotes() async throws {
        let verbs: [[ReviewVerb]] = [
            [.approve, .approve, .reject, .edit, .reject, .approve],
            [.approve, .reject, .reject, .edit, .approve, .approve],
        ]
        let ratings = [[5, 4, 1, 3, 2, 5], [5, 2, 1, 4, 3, 4]]
        for number in 0..<6 {
            let id = try await queue.submit(ReviewSample.request(number, raters: 2))
            for (place, rater) in ["ann", "bob"].enumerated() {
                try await vote(
                    verbs[place][number], on: id, by: rater, rating: ratings[place][number],
                    seconds: Double(number))
            }
        }
        let table = try await queue.raters(replicates: 100)
        let labels = try RatingTable(labels: verbs.map { $0.map(\.rawValue) })
        let numbers = try RatingTable(numbers: ratings.map { $0.map(Double.init) })
        let expected: [String: Double] = [
            "percent agreement": try labels.agreement(.percentAgreement),
            "Fleiss' kappa": try labels.agreement(.fleissKappa),
            "Krippendorff's alpha, nominal": try labels.agreement(.krippendorffAlpha(.nominal)),
            "Krippendorff's alpha, ordinal": try numbers.agreement(.krippendorffAlpha(.ordinal)),
            "Krippendorff's alpha, interval": try numbers.agreement(
                .krippendorffAlpha(.interval)),
        ]
        for (name, value) in expected {
            for kind in [nil, ApprovalKind.explanation] {
                let line = try #require(
                    table.agreement.first { $0.name == name && $0.kind == kind })
                // Items are in the order of their ids here, which moves the last bits.
                #expect(abs(try #require(line.figure.estimate).value - value) < 1e-12)
                #expect(line.figure.items == 6)
            }
        }
        #expect(table.agreement.count == 10)
        let pair = try #require(table.pairs.first { $0.quantity == .decision })
        let kappa = try labels.agreement(.cohenKappa(.none))
        #expect(abs(try #require(pair.figure.estimate).value - kappa) < 1e-12)
        #expect(table.raters.map(\.rater) == ["ann", "bob"])
        #expect(table.raters[0].medianSeconds == 2.5)
        #expect(table.raters[1].approved == 3)
    }

    /// What somebody decides after they have seen the verdict is no judgement of their own.
    @Test func informedVotesAreLeftOut() async throws {
        let id = try await queue.submit(ReviewSample.request(1))
        try await vote(.approve, on: id, by: "ann")
        try await queue.undo(id, rater: "ann")
        try await vote(.reject, on: id, by: "ann")
        let line = try await queue.raters(replicates: 0).raters[0]
        #expect(line.votes == 1)
        #expect(line.informedVotes == 1)
        #expect(line.approved == 1)
        #expect(line.rejected == 0)
    }

    @Test func votesOnAnEarlierSheetAreLeftOut() async throws {
        let id = try await queue.submit(ReviewSample.request(1))
        try await vote(.approve, on: id, by: "ann")
        try await queue.submit(ReviewSample.request(1, claim: "something else"))
        try await vote(.reject, on: id, by: "bob")
        let table = try await queue.raters(replicates: 0)
        #expect(table.raters.map(\.rater) == ["bob"])
    }

    /// Somebody who approves everything misses what was planted; somebody who looks does not.
    @Test func plantedItemsTellHowWellPeopleLook() async throws {
        let controls = ApprovalPolicy.Controls(shuffled: 1, duplicate: 1)
        for number in 0..<6 {
            try await queue.submit(ReviewSample.request(number, raters: 2), controls: controls)
        }
        var lines = try await queue.page(ReviewFilter(part: .all), rater: "x", limit: 100).lines
        lines.sort { $0.id < $1.id }
        let kinds = try await memory.store.readReviews { table in
            var votes = RaterVotes()
            for row in try table.events(after: 0, limit: 1_000) { try votes.apply(row) }
            return votes.items.mapValues { $0.control?.kind }
        }
        let shuffled = kinds.values.count { $0 == .shuffled }
        #expect(shuffled >= 5)
        for line in lines {
            let isShuffled = try #require(kinds[line.id]) == .shuffled
            try await vote(isShuffled ? .reject : .approve, on: line.id, by: "careful")
            try await vote(.approve, on: line.id, by: "hasty")
        }
        let table = try await queue.raters(replicates: 0)
        let (careful, hasty) = (table.raters[0], table.raters[1])
        #expect(careful.shuffled?.passed == shuffled)
        #expect(careful.shuffled?.planted == shuffled)
        #expect(hasty.shuffled?.passed == 0)
        #expect(
            hasty.shuffled?.interval
                == BinomialInterval.clopperPearson(successes: 0, trials: shuffled, level: 0.95))
        #expect(careful.duplicates?.passed == 6)
        #expect(careful.duplicates?.planted == 6)
        #expect(careful.known == nil)
        // Planted items are no part of agreement.
        #expect(table.agreement[0].figure.items == 6)
    }

    @Test func sameAuditGivesTheSameTable() async throws {
        var generator = SeededGenerator(seed: 3)
        for number in 0..<12 {
            let id = try await queue.submit(ReviewSample.request(number, raters: 3))
            for rater in ["ann", "bob", "cid"] where generator.below(4) > 0 {
                let verb: ReviewVerb = generator.below(2) == 0 ? .approve : .reject
                try? await vote(verb, on: id, by: rater, rating: 1 + generator.below(5))
            }
        }
        let first = try await queue.raters(replicates: 200)
        #expect(try await queue.raters(replicates: 200) == first)
        #expect(first.agreement.contains { $0.figure.estimate?.interval != nil })
    }
}
