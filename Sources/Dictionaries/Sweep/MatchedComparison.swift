import Foundation
import JSON

/// Two series of a sweep at the same L0.
///
/// A series is a curve: a figure over the logarithm of L0, straight between dictionaries. The difference is
/// the mean over the range of L0 that both cover; outside of it nothing is said.
public struct MatchedComparison: Sendable, Hashable {
    /// The series that something is claimed of.
    public let series: String
    /// What it is claimed over.
    public let baseline: String
    public let figure: EvaluationFigure
    /// The range of L0 that both cover, or nil if there is none.
    public let range: ClosedRange<Double>?
    /// Mean of the series less the baseline over the range; nil without one.
    public let difference: Double?

    /// Points of the range at which the curves are compared.
    private static let points = 33

    init(
        _ series: [SweepRecord.Entry], over baseline: [SweepRecord.Entry],
        _ figure: EvaluationFigure
    ) {
        self.series = series.first?.series ?? ""
        self.baseline = baseline.first?.series ?? ""
        self.figure = figure
        let (a, b) = (Curve(series, figure), Curve(baseline, figure))
        let low = max(a.low, b.low)
        let high = min(a.high, b.high)
        guard low < high else {
            (range, difference) = (nil, nil)
            return
        }
        let places = (0..<Self.points).map {
            low + (high - low) * Double($0) / Double(Self.points - 1)
        }
        range = exp(low)...exp(high)
        difference =
            places.reduce(0) { $0 + a.value(at: $1) - b.value(at: $1) } / Double(places.count)
    }

    var json: JSONValue {
        [
            "series": .string(series), "baseline": .string(baseline),
            "figure": .string(figure.rawValue),
            "l0": range.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null,
            "difference": difference.map { .number($0) } ?? .null,
        ]
    }
}

/// A figure of a series over the logarithm of L0.
private struct Curve {
    /// By place.
    private let knots: [(place: Double, value: Double)]

    init(_ entries: [SweepRecord.Entry], _ figure: EvaluationFigure) {
        knots = entries.compactMap { entry in
            guard let value = entry.evaluated[figure]?.value, entry.activeLatents > 0 else {
                return nil
            }
            return (log(entry.activeLatents), value)
        }.sorted { $0.place < $1.place }
    }

    var low: Double { knots.first?.place ?? .infinity }
    var high: Double { knots.last?.place ?? -.infinity }

    /// - Precondition: the place is from ``low`` to ``high``.
    func value(at place: Double) -> Double {
        guard let next = knots.firstIndex(where: { $0.place >= place }) else {
            return knots.last?.value ?? .nan
        }
        guard next > 0 else { return knots[0].value }
        let (a, b) = (knots[next - 1], knots[next])
        let share = b.place > a.place ? (place - a.place) / (b.place - a.place) : 1
        return a.value + share * (b.value - a.value)
    }
}

extension SweepRecord {
    /// What is claimed in the literature, as far as the sweep has both sides: p-annealing over the same
    /// without it, whitening and masking over the same without them, gating over the standard.
    public var comparisons: [MatchedComparison] {
        let groups = Dictionary(grouping: entries, by: \.series)
        return series.flatMap { name in
            Self.baselines(of: name).flatMap { baseline -> [MatchedComparison] in
                guard let own = groups[name], let other = groups[baseline] else { return [] }
                return figures.map { MatchedComparison(own, over: other, $0) }
            }
        }
    }

    private static func baselines(of series: String) -> [String] {
        let parts = series.components(separatedBy: ", ")
        let variants = parts.dropFirst().map { variant in
            parts.filter { $0 != variant }.joined(separator: ", ")
        }
        let plain: [String: String] = [
            "p-annealing": "standard", "gated": "standard", "gated-p-annealing": "gated",
            "batchtopk": "topk", "matryoshka": "batchtopk",
        ]
        let simpler = plain[parts[0]].map { [([$0] + parts.dropFirst()).joined(separator: ", ")] }
        return variants + (simpler ?? [])
    }
}
