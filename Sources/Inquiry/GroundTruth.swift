import Statistics

/// How a feature and its explanation compare with the known properties of their domain, one property at
/// a time, on held-out inputs.
public struct GroundTruth: Codable, Hashable, Sendable {
    /// The property that holds most nearly where the explanation says that the feature fires.
    public let nearest: PropertyMatch
    /// The property that holds most nearly where the feature fires, chosen on every second group of
    /// inputs and measured on the others; nil where it fires on none of either.
    public let best: PropertyMatch?
    /// How many properties were compared.
    public let properties: Int

    public init(nearest: PropertyMatch, best: PropertyMatch?, properties: Int) {
        self.nearest = nearest
        self.best = best
        self.properties = properties
    }
}

/// A property of a domain's catalogue, as a prediction.
public struct PropertyMatch: Codable, Hashable, Sendable {
    public let formula: String
    public let statement: String
    /// F1 of the property against what the explanation says; 1 where the two are the same on all inputs.
    public let explanationF1: Double
    /// F1 of the property against the feature's firing.
    public let firingF1: Estimate

    public init(formula: String, statement: String, explanationF1: Double, firingF1: Estimate) {
        self.formula = formula
        self.statement = statement
        self.explanationF1 = explanationF1
        self.firingF1 = firingF1
    }
}
