import Games
import LinearAlgebra

/// What a proposer knows: positions with what the feature did on them, in four groups.
struct Evidence: Sendable {
    enum Group: Int, CaseIterable, Sendable {
        /// Natural positions on which the feature fires.
        case exemplar
        /// Natural positions on which it is silent.
        case background
        /// Silent positions chosen or built because they resemble firing ones.
        case silentProbe
        /// Built positions on which it fires.
        case firingProbe
    }

    private(set) var members: [[Observation]] = Group.allCases.map { _ in [] }

    mutating func add(_ observation: Observation, to group: Group) {
        members[group.rawValue].append(observation)
    }

    subscript(group: Group) -> [Observation] { members[group.rawValue] }
}

/// How much each group of evidence says, in balanced accuracy.
struct EvidenceWeights: Sendable, Hashable {
    /// Share of sensitivity that firing probes decide; exemplars decide the rest.
    var firingProbes = 0.3
    /// Share of specificity that silent probes decide; background decides the rest.
    var silentProbes = 0.5
}

/// Evidence as bits, laid out so that the members of a group are counted word by word.
struct EvidenceTable: Sendable {
    let table: PropertyTable
    let weights: EvidenceWeights
    /// Words of each group.
    private let ranges: [Range<Int>]
    /// Members of each group.
    private let sizes: [Int]
    /// A bit for each member; 0 for the padding between groups.
    let everything: BitSet

    init(_ evidence: Evidence, properties: [BoardProperty], weights: EvidenceWeights) {
        self.weights = weights
        var observations: [Observation] = []
        var ranges: [Range<Int>] = []
        var everything: [(start: Int, count: Int)] = []
        for group in evidence.members {
            let start = observations.count
            everything.append((start, group.count))
            observations += group
            if let last = group.last {
                while observations.count % 64 != 0 { observations.append(last) }
            }
            ranges.append(start / 64..<observations.count / 64)
        }
        table = PropertyTable(observations, properties: properties)
        self.ranges = ranges
        sizes = evidence.members.map(\.count)
        var mask = BitSet(count: observations.count)
        for (start, count) in everything {
            for member in start..<start + count { mask[member] = true }
        }
        self.everything = mask
    }

    /// Balanced accuracy of "fires exactly on `mask`", with the groups weighted.
    @inline(__always)
    func score(_ mask: UnsafePointer<UInt64>) -> Double {
        let exemplars = share(mask, .exemplar)
        let firing = share(mask, .firingProbe)
        let background = share(mask, .background)
        let silent = share(mask, .silentProbe)
        let sensitivity = Self.blend(exemplars, firing, weights.firingProbes)
        let false_ = Self.blend(background, silent, weights.silentProbes)
        return 0.5 * sensitivity + 0.5 * (1 - false_)
    }

    func score(_ predicate: BoardPredicate) -> Double {
        var mask = table.evaluate(predicate)
        mask.formIntersection(everything)
        return mask.words.withUnsafeBufferPointer { words in
            words.baseAddress.map(score) ?? 0.5
        }
    }

    @inline(__always)
    private func share(_ mask: UnsafePointer<UInt64>, _ group: Evidence.Group) -> Double? {
        let size = sizes[group.rawValue]
        guard size > 0 else { return nil }
        var count = 0
        for word in ranges[group.rawValue] { count += mask[word].nonzeroBitCount }
        return Double(count) / Double(size)
    }

    @inline(__always)
    private static func blend(_ main: Double?, _ probes: Double?, _ weight: Double) -> Double {
        switch (main, probes) {
        case (let main?, let probes?): (1 - weight) * main + weight * probes
        case (let main?, nil): main
        case (nil, let probes?): probes
        case (nil, nil): 0
        }
    }
}
