/// Why a regular expression is not understood.
struct PatternFlaw: Error, Hashable {
    let reason: String
}

/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
    enum Mode: Sendable { case greedy, lazy, possessive }

    enum Anchor: Sendable {
        case textStart, textEnd, textEndOrLastLine, lineStart, lineEnd, wordEdge, noWordEdge
    }

    case set(ScalarSet)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repeated(PatternNode, min: Int, max: Int, mode: Mode)
    case look(PatternNode, ahead: Bool, negated: Bool)
    case atomic(PatternNode)
    case anchor(Anchor)

    /// Whether it can match nothing at all.
    var mayBeEmpty: Bool {
        switch self {
        case .set: false
        case .sequence(let nodes): nodes.allSatisfy(\.mayBeEmpty)
        case .choice(let nodes): nodes.contains(where: \.mayBeEmpty)
        case .repeated(let node, let min, _, _): min == 0 || node.mayBeEmpty
        case .atomic(let node): node.mayBeEmpty
        case .look, .anchor: true
        }
    }

    /// How many scalars every match has, if all have as many.
    var fixedLength: Int? {
        switch self {
        case .set: return 1
        case .sequence(let nodes):
            var total = 0
            for node in nodes {
                guard let length = node.fixedLength else { return nil }
                total += length
            }
            return total
        case .choice(let nodes):
            let lengths = Set(nodes.map(\.fixedLength))
            return lengths.count == 1 ? lengths.first ?? nil : nil
        case .repeated(let node, let min, let max, _):
            return min == max ? node.fixedLength.map { $0 * min } : nil
        case .atomic(let node): return node.fixedLength
        case .look, .anchor: return 0
        }
    }
}

/// A set of Unicode scalars as a class of a regular expression names them.
struct ScalarSet: Sendable {
    /// Scalars of certain categories or flags, or all but these.
    struct Term: Hashable, Sendable {
        var categories: UInt32 = 0
        var flags: UInt32 = 0
        var isNegated = false
    }

    private(set) var ranges: [ClosedRange<UInt32>] = []
    private(set) var terms: [Term] = []
    private(set) var isNegated = false
    /// Answers for ASCII, made once.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(ranges: [ClosedRange<UInt32>] = [], terms: [Term] = [], isNegated: Bool = false) {
        self.ranges = ranges
        self.terms = terms
        self.isNegated = isNegated
        for scalar: UInt32 in 0..<128 where search(scalar) {
            if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
        }
    }

    init(_ scalar: Unicode.Scalar) { self.init(ranges: [scalar.value...scalar.value]) }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
        return search(scalar)
    }

    private func search(_ scalar: UInt32) -> Bool {
        if ranges.contains(where: { $0.contains(scalar) }) { return !isNegated }
        guard !terms.isEmpty else { return isNegated }
        let flags = ScalarClasses.standard[scalar]
        let category: UInt32 = 1 << (flags & 0xFF)
        let isMember = terms.contains { term in
            (category & term.categories != 0 || flags & term.flags != 0) != term.isNegated
        }
        return isMember != isNegated
    }

    func union(_ other: ScalarSet) -> ScalarSet? {
        guard !isNegated, !other.isNegated else { return nil }
        return ScalarSet(ranges: ranges + other.ranges, terms: terms + other.terms)
    }
}
