import Inquiry
import Statistics

extension RaterTable {
    /// - Parameters:
    ///   - replicates: resamples for each interval of agreement.
    ///   - seed: of the resamples.
    init(_ votes: RaterVotes, replicates: Int, level: Double, seed: UInt64) {
        self.level = level
        sequence = votes.sequence
        raters = votes.raters.map { RaterLine($0, votes, level: level) }
        let measure: Measure = { table, statistic in
            AgreementFigure(table, statistic, replicates: replicates, level: level, seed: seed)
        }
        let kinds = ApprovalKind.allCases.filter { kind in
            votes.realItems(kind).contains { !$0.votes.isEmpty }
        }
        agreement = (kinds.isEmpty ? [] : [nil] + kinds).flatMap { kind in
            Self.agreement(votes.realItems(kind), votes.raters, kind, measure)
        }
        pairs = Self.pairs(votes.realItems(), votes.raters, measure)
    }

    private typealias Measure = (RatingTable, AgreementStatistic) -> AgreementFigure

    private static func agreement(
        _ items: [RaterVotes.Item], _ raters: [String], _ kind: ApprovalKind?, _ measure: Measure
    ) -> [RaterAgreement] {
        let decisions = RatingTable(decisionsOf: raters, on: items)
        let ratings = RatingTable(ratingsOf: raters, on: items)
        let figures: [(RatedQuantity, String, RatingTable?, AgreementStatistic)] = [
            (.decision, "percent agreement", decisions, .percentAgreement),
            (
                .decision, "Fleiss' kappa",
                RatingTable(decisionsOf: raters, on: evenlyRated(items)), .fleissKappa
            ),
            (
                .decision, "Krippendorff's alpha, nominal", decisions,
                .krippendorffAlpha(.nominal)
            ),
            (.rating, "Krippendorff's alpha, ordinal", ratings, .krippendorffAlpha(.ordinal)),
            (.rating, "Krippendorff's alpha, interval", ratings, .krippendorffAlpha(.interval)),
        ]
        return figures.compactMap { quantity, name, table, statistic in
            table.map {
                RaterAgreement(
                    kind: kind, quantity: quantity, name: name, figure: measure($0, statistic))
            }
        }
    }

    /// Fleiss' κ needs equally many votes on each item: those with the number of votes that most have.
    private static func evenlyRated(_ items: [RaterVotes.Item]) -> [RaterVotes.Item] {
        let byCount = Dictionary(grouping: items.filter { $0.votes.count >= 2 }, by: \.votes.count)
        return byCount.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.value ?? []
    }

    private static func pairs(
        _ items: [RaterVotes.Item], _ raters: [String], _ measure: Measure
    ) -> [RaterPair] {
        var pairs: [RaterPair] = []
        for (place, second) in raters.enumerated() {
            for first in raters[..<place] {
                let both = items.filter { $0.votes[first] != nil && $0.votes[second] != nil }
                guard !both.isEmpty else { continue }
                let names = [first, second]
                if let table = RatingTable(decisionsOf: names, on: both) {
                    let figure = measure(table, .cohenKappa(.none))
                    pairs.append(
                        RaterPair(
                            first: first, second: second, quantity: .decision, figure: figure))
                }
                if let table = RatingTable(ratingsOf: names, on: both), table.pairedItemCount > 0 {
                    let figure = measure(table, .cohenKappa(.quadratic))
                    pairs.append(
                        RaterPair(first: first, second: second, quantity: .rating, figure: figure))
                }
            }
        }
        func key(_ pair: RaterPair) -> Double { pair.figure.estimate?.value ?? .infinity }
        return pairs.sorted { key($0) < key($1) }
    }
}

extension RatingTable {
    /// Nil only for a table that is none, which rows made here never are.
    fileprivate init?(decisionsOf raters: [String], on items: [RaterVotes.Item]) {
        let rows = raters.map { rater in items.map { $0.votes[rater]?.verb.rawValue } }
        guard let table = try? RatingTable(labels: rows) else { return nil }
        self = table
    }

    fileprivate init?(ratingsOf raters: [String], on items: [RaterVotes.Item]) {
        let rows = raters.map { rater in
            items.map { $0.votes[rater]?.rating.map(Double.init) }
        }
        guard let table = try? RatingTable(numbers: rows) else { return nil }
        self = table
    }
}

extension RaterLine {
    fileprivate init(_ rater: String, _ votes: RaterVotes, level: Double) {
        let mine = votes.items.values.compactMap { item in
            item.votes[rater].map { (item: item, vote: $0) }
        }
        func count(_ verb: ReviewVerb) -> Int { mine.count { $0.vote.verb == verb } }
        func share(_ kind: ReviewControl.Kind, passes: (RaterVotes.Vote, ReviewControl) -> Bool?)
            -> ControlShare?
        {
            let outcomes = mine.compactMap { item, vote in
                item.control.flatMap { $0.kind == kind ? passes(vote, $0) : nil }
            }
            return ControlShare(
                passed: outcomes.count { $0 }, planted: outcomes.count, level: level)
        }
        self.rater = rater
        self.votes = mine.count
        informedVotes = votes.informed[rater] ?? 0
        (approved, edited, rejected) = (count(.approve), count(.edit), count(.reject))
        let seconds = mine.map(\.vote.seconds).sorted()
        medianSeconds =
            seconds.isEmpty
            ? nil : (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        shuffled = share(.shuffled) { vote, _ in vote.verb == .reject }
        known = share(.known) { vote, _ in vote.verb == .approve }
        duplicates = share(.duplicate) { vote, control in
            votes.items[control.of]?.votes[rater].map { $0.verb == vote.verb }
        }
    }
}
