import JSON
import Statistics

/// What a sweep came to: dictionaries of one place in a model, all measured on the same rows.
public struct SweepRecord: Sendable, Hashable {
    /// A dictionary and what was measured of it.
    public struct Entry: Sendable, Hashable {
        public let name: String
        /// What it shares with the dictionaries that differ from it in sparsity only.
        public let series: String
        public let setting: String
        public let evaluated: EvaluatedDictionary

        public init(
            name: String, series: String, setting: String, evaluated: EvaluatedDictionary
        ) {
            self.name = name
            self.series = series
            self.setting = setting
            self.evaluated = evaluated
        }

        /// L0 on the rows of the measurement.
        public var activeLatents: Double { evaluated[.activeLatents]?.value ?? 0 }
    }

    /// What was done, for people.
    public struct Fact: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The model and the place.
    public let place: String
    public let facts: [Fact]
    public let entries: [Entry]
    /// The same on a model of random weights: what a figure is when nothing was learnt.
    public let floor: [Entry]

    public init(place: String, facts: [Fact], entries: [Entry], floor: [Entry]) {
        self.place = place
        self.facts = facts
        self.entries = entries
        self.floor = floor
    }

    /// The names of the series, in the order in which they were asked for.
    public var series: [String] {
        var seen: Set<String> = []
        return entries.map(\.series).filter { seen.insert($0).inserted }
    }

    /// What a sweep is read for, where it was measured: above them, L0 is the other axis.
    public static let headline: [EvaluationFigure] = [
        .explainedVariance, .lossRecoveredZero, .coverage, .reconstructionPooled,
    ]

    /// Those of the headline's figures that some dictionary has.
    public var figures: [EvaluationFigure] {
        Self.headline.filter { figure in entries.contains { $0.evaluated[figure] != nil } }
    }

    /// The greatest value of the floor, or nil where there is none.
    public func floor(of figure: EvaluationFigure) -> Estimate? {
        floor.compactMap { $0.evaluated[figure] }.max { $0.value < $1.value }
    }

    /// What a linear probe reads of the properties, or nil without properties.
    public var probe: Estimate? { entries.compactMap { $0.evaluated[.probe] }.first }

    public var json: JSONValue {
        func list(_ entries: [Entry]) -> JSONValue {
            .array(
                entries.map {
                    [
                        "name": .string($0.name), "series": .string($0.series),
                        "setting": .string($0.setting), "evaluation": $0.evaluated.json,
                    ]
                })
        }
        return [
            "place": .string(place),
            "facts": .object(facts.map { .init(name: $0.name, value: .string($0.value)) }),
            "dictionaries": list(entries), "random_model": list(floor),
            "matched_l0": .array(comparisons.map(\.json)),
        ]
    }
}
