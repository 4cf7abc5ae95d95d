import JSON
import Statistics

/// What was measured of one dictionary: figures by name, each with its interval, and the property that
/// each latent stands for best.
public struct EvaluatedDictionary: Sendable, Hashable {
    /// One measured number.
    public struct Figure: Sendable, Hashable {
        public let figure: EvaluationFigure
        public let estimate: Estimate

        public init(figure: EvaluationFigure, estimate: Estimate) {
            self.figure = figure
            self.estimate = estimate
        }
    }

    /// A latent as a classifier of the property that it stands for best.
    public struct Match: Sendable, Hashable {
        public let latent: Int
        public let property: String
        /// The share of its greatest activation that it must be above.
        public let threshold: Double
        /// On the rows that it was chosen on.
        public let f1: Double
        /// On the rows kept apart; of a property with an interval over groups.
        public let heldOut: Estimate
    }

    /// What messages call it.
    public let name: String
    public let latentCount: Int
    /// In the order of ``EvaluationFigure``.
    public let figures: [Figure]
    /// For each property the latent that stands for it best.
    public let byProperty: [Match]
    /// For each latent that fires the property that it stands for best.
    public let byLatent: [Match]

    public init(
        name: String, latentCount: Int, figures: [Figure], byProperty: [Match], byLatent: [Match]
    ) {
        self.name = name
        self.latentCount = latentCount
        self.figures = figures
        self.byProperty = byProperty
        self.byLatent = byLatent
    }

    /// A figure, or nil if it was not measured or is undefined.
    public subscript(figure: EvaluationFigure) -> Estimate? {
        figures.first { $0.figure == figure }?.estimate
    }

    /// The property that a latent stands for best, with its F1; nil for one that does not fire, or if
    /// there are no properties.
    public func bestProperty(ofLatent latent: Int) -> Match? {
        var (low, high) = (0, byLatent.count)
        while low < high {
            let middle = (low + high) / 2
            if byLatent[middle].latent < latent { low = middle + 1 } else { high = middle }
        }
        return low < byLatent.count && byLatent[low].latent == latent ? byLatent[low] : nil
    }
}

extension EvaluatedDictionary {
    public var json: JSONValue {
        .object([
            .init(name: "name", value: .string(name)),
            .init(name: "latents", value: .integer(latentCount)),
            .init(
                name: "figures",
                value: .object(
                    figures.map {
                        .init(name: $0.figure.rawValue, value: Self.json($0.estimate))
                    })),
            .init(name: "properties", value: .array(byProperty.map(\.json))),
            .init(name: "best_property_of_latent", value: .array(byLatent.map(\.json))),
        ])
    }

    /// Reads what ``json`` gives.
    ///
    /// - Throws: ``EvaluationError/badResult(reason:)``.
    public init(_ json: JSONValue) throws(EvaluationError) {
        guard let name = json["name"]?.string, let count = json["latents"]?.integer,
            let members = json["figures"]?.members, let byProperty = json["properties"]?.array,
            let byLatent = json["best_property_of_latent"]?.array
        else { throw .badResult(reason: "it has not the fields of an evaluated dictionary") }
        var figures: [Figure] = []
        for member in members {
            guard let figure = EvaluationFigure(rawValue: member.name) else {
                throw .badResult(reason: "there is no figure \"\(member.name.prefix(60))\"")
            }
            figures.append(Figure(figure: figure, estimate: try Self.estimate(member.value)))
        }
        self.init(
            name: name, latentCount: count, figures: figures,
            byProperty: try Self.matches(byProperty), byLatent: try Self.matches(byLatent))
    }

    private static func matches(_ values: [JSONValue]) throws(EvaluationError) -> [Match] {
        var matches: [Match] = []
        for value in values {
            guard let latent = value["latent"]?.integer, let property = value["property"]?.string,
                let threshold = value["threshold"]?.number, let f1 = value["f1"]?.number,
                let heldOut = value["held_out_f1"]
            else { throw .badResult(reason: "a latent's property has not its fields") }
            matches.append(
                Match(
                    latent: latent, property: property, threshold: threshold, f1: f1,
                    heldOut: try estimate(heldOut)))
        }
        return matches
    }

    static func json(_ estimate: Estimate) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "value", value: .number(estimate.value)),
            .init(name: "groups", value: .integer(estimate.count)),
        ]
        if let interval = estimate.interval {
            members += [
                .init(name: "low", value: .number(interval.low)),
                .init(name: "high", value: .number(interval.high)),
                .init(name: "level", value: .number(interval.level)),
            ]
        }
        return .object(members)
    }

    private static func estimate(_ json: JSONValue) throws(EvaluationError) -> Estimate {
        guard let value = json["value"]?.number, let count = json["groups"]?.integer, count >= 0
        else { throw .badResult(reason: "a figure has no value, or no number of groups") }
        guard let low = json["low"]?.number, let high = json["high"]?.number,
            let level = json["level"]?.number
        else { return Estimate(value: value, interval: nil, count: count) }
        guard low <= high, level > 0, level < 1 else {
            throw .badResult(reason: "an interval is from \(low) to \(high) at \(level)")
        }
        return Estimate(
            value: value, interval: Interval(low: low, high: high, level: level), count: count)
    }
}

extension EvaluatedDictionary.Match {
    var json: JSONValue {
        [
            "latent": .integer(latent), "property": .string(property),
            "threshold": .number(threshold), "f1": .number(f1),
            "held_out_f1": EvaluatedDictionary.json(heldOut),
        ]
    }
}
