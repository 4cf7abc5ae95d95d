/// A range that covers the true value at a stated rate.
public struct Interval: Hashable, Sendable, Codable {
    /// The lower end.
    public let low: Double
    /// The upper end, at least `low`.
    public let high: Double
    /// The rate at which such ranges are meant to cover the true value, for instance 0.95.
    public let level: Double

    /// - Precondition: `low ≤ high`, and `level` is above 0 and below 1.
    public init(low: Double, high: Double, level: Double) {
        precondition(low <= high, "Interval: low \(low) must not exceed high \(high)")
        precondition(level > 0 && level < 1, "Interval: the level \(level) must be within 0…1")
        self.low = low
        self.high = high
        self.level = level
    }

    /// Whether a value lies in the range, ends included.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// A number together with what it rests on.
public struct Estimate: Hashable, Sendable, Codable {
    /// The number itself.
    public let value: Double
    /// Its interval; nil when the data do not determine one.
    public let interval: Interval?
    /// The number of independent units it rests on.
    public let count: Int

    /// - Precondition: `count` is at least 0.
    public init(value: Double, interval: Interval?, count: Int) {
        precondition(count >= 0, "Estimate: the count must be at least 0, found \(count)")
        self.value = value
        self.interval = interval
        self.count = count
    }
}
