import LinearAlgebra
import Statistics

/// What lessons of other features did, those of earlier studies and, where a study is carried out in waves,
/// of its own earlier waves: features that were explained with them beside features that, by lot, were
/// explained without.
public struct LessonEffect: Codable, Hashable, Sendable {
    /// Features of one kind that were explained.
    public struct Side: Codable, Hashable, Sendable {
        public let features: Int
        public let supported: Int
        /// Mean held-out balanced accuracy.
        public let balancedAccuracy: Double
        /// Mean number of probes.
        public let probes: Double
        /// Features whose explanation is a lesson's formula.
        public let fromLessons: Int

        init(_ states: [InquiryState]) {
            func mean(_ value: (InquiryState) -> Double) -> Double {
                states.reduce(0) { $0 + value($1) } / Double(max(1, states.count))
            }
            features = states.count
            supported = states.count(where: RunSummary.isSupported)
            balancedAccuracy = mean { $0.scores?.explanation.balancedAccuracy.value ?? 0 }
            probes = mean { Double($0.probes.count) }
            fromLessons = states.count {
                $0.committed.flatMap($0.record)?.hypothesis.origin == .experience
            }
        }
    }

    public let with: Side
    public let without: Side
    /// Balanced accuracy with lessons less that without, with its interval over features.
    public let difference: Estimate?

    /// - Returns: nil unless there are explained features of both kinds.
    init?(_ members: [RunRecord.Member], _ generator: inout SeededGenerator) {
        let explained = members.filter { $0.state.scores != nil }
        let with = explained.filter { $0.hadLessons == true }.map(\.state)
        let without = explained.filter { $0.hadLessons == false }.map(\.state)
        guard !with.isEmpty, !without.isEmpty else { return nil }
        self.with = Side(with)
        self.without = Side(without)
        // For each feature: with, its accuracy; without, its accuracy.
        let groups = explained.compactMap { member -> [Double]? in
            guard let score = member.state.scores?.explanation.balancedAccuracy.value,
                let hadLessons = member.hadLessons
            else { return nil }
            return hadLessons ? [1, score, 0, 0] : [0, 0, 1, score]
        }
        difference = Bootstrap.interval(
            groups: groups, replicates: 10_000, level: 0.95, generator: &generator
        ) { sums in
            sums[0] > 0 && sums[2] > 0 ? sums[1] / sums[0] - sums[3] / sums[2] : nil
        }
    }
}
