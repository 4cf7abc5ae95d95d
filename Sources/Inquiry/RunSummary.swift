import LinearAlgebra
import Statistics

/// The figures of a whole run, each beside its control.
public struct RunSummary: Codable, Hashable, Sendable {
    /// Features whose inquiry came to its end with an explanation.
    public let explained: Int
    /// Features whose inquiry stopped without one.
    public let stopped: Int
    public let supported: Int
    /// Of the supported, those with a held-out balanced accuracy of at least 0.85.
    public let supportedAt085: Int
    /// Mean held-out balanced accuracy of the explanations and of the one-shots.
    public let explanation: Estimate?
    public let oneShot: Estimate?
    /// The paired difference between them.
    public let gain: Estimate?
    public let shuffled: ControlSummary
    public let directions: ControlSummary
    /// What lessons did; nil where none were known.
    public let lessons: LessonEffect?
    /// Hypotheses ever tried, and probes, on features and controls alike.
    public let hypotheses: Int
    public let probes: Int
    public let failedMeasurements: Int

    public init(_ run: RunRecord) {
        let features = run.members(.feature)
        let scored = features.compactMap { member in member.state.scores.map { (member, $0) } }
        let supported = scored.filter { Self.isSupported($0.0.state) }
        explained = scored.count
        stopped = features.count { $0.state.stop != nil }
        self.supported = supported.count
        supportedAt085 = supported.count { $0.1.explanation.balancedAccuracy.value >= 0.85 }
        var generator = SeededGenerator(seed: run.seed, stream: 0x6A14)
        func mean(_ values: [Double]) -> Estimate? {
            Bootstrap.meanInterval(
                values, replicates: 10_000, level: 0.95, generator: &generator)
        }
        explanation = mean(scored.map { $0.1.explanation.balancedAccuracy.value })
        oneShot = mean(scored.map { $0.1.oneShot.balancedAccuracy.value })
        gain = mean(
            scored.map {
                $0.1.explanation.balancedAccuracy.value - $0.1.oneShot.balancedAccuracy.value
            })
        lessons = LessonEffect(features, &generator)
        shuffled = ControlSummary(run.members(.shuffled).map(\.state))
        directions = ControlSummary(run.members(.direction).map(\.state))
        hypotheses = run.members.reduce(0) { $0 + $1.state.records.count }
        probes = run.members.reduce(0) { $0 + $1.state.probes.count }
        failedMeasurements = run.members.reduce(0) { sum, member in
            sum
                + member.state.outcomes.count {
                    if case .failed? = $0 { true } else { false }
                }
        }
    }

    /// Whether the hypothesis that an inquiry committed to is supported.
    static func isSupported(_ state: InquiryState) -> Bool {
        state.committed.flatMap(state.record)?.status == .supported
    }
}

/// What a control of the run came to.
public struct ControlSummary: Codable, Hashable, Sendable {
    public let inquiries: Int
    /// Inquiries that called any hypothesis supported.
    public let confirmed: Int
    /// Their share with its exact 95 % interval (Clopper and Pearson 1934).
    public let rate: Estimate?
    /// Mean held-out balanced accuracy of what the inquiries committed to.
    public let balancedAccuracy: Double?

    init(_ states: [InquiryState]) {
        inquiries = states.count
        let confirmed = states.count { $0.records.contains { $0.status == .supported } }
        self.confirmed = confirmed
        rate = BinomialInterval.clopperPearson(
            successes: confirmed, trials: states.count, level: 0.95
        ).map {
            Estimate(
                value: Double(confirmed) / Double(states.count), interval: $0, count: states.count)
        }
        let scores = states.compactMap { $0.scores?.explanation.balancedAccuracy.value }
        balancedAccuracy = scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }
}
