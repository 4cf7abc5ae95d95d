import Digests

/// The usable rows of a table as columns, and what was set aside.
///
/// A row set holds the rows of every role: deal them with ``RoleDeal`` and keep only the deal.
public struct RowSet: Hashable, Sendable {
    /// A named column of numbers, one per row.
    public struct Column: Hashable, Sendable {
        public let name: String
        public var values: [Double]
    }

    public let schema: RowSchema
    /// Of a pair, either may come first: see ``target``.
    public internal(set) var texts: [String] = []
    /// The second text of each pair; nil unless the target is a preference.
    public internal(set) var otherTexts: [String]?
    /// The number itself; the rank of an ordinal level from 0; 0 or 1; successes ÷ trials; for a
    /// preference 1 where ``texts`` has the preferred one and 0 where ``otherTexts`` has it, which
    /// the hash of the pair decides, so that half of the pairs come in either order.
    public internal(set) var target: [Double] = []
    /// The trials of a counts target.
    public internal(set) var trials: [Double]?
    /// The levels of an ordinal target in order; their ranks are the target.
    public internal(set) var levels: [Double]?
    /// Which group each row belongs to: from 0, by first appearance.
    public internal(set) var groups: [Int] = []
    /// The name of each group; of rows that are alone, the hash of their text.
    public internal(set) var groupNames: [String] = []
    /// Grows with time; nil when no time column was named.
    public internal(set) var times: [Double]?
    public internal(set) var confounders: [Column] = []
    /// "missing" where the row has none; nil when no strata column was named.
    public internal(set) var strata: [String]?
    public internal(set) var identifiers: [String?]?
    /// The number of each row in its file.
    public internal(set) var numbers: [Int] = []
    public internal(set) var setAside = SetAside()

    /// Fewer usable rows than these give no study.
    public static let minimumCount = 30
    /// More different values than these are no order of levels.
    public static let levelLimit = 50
    /// More text than these bytes is not held.
    public static let byteLimit = 4 << 30

    init(schema: RowSchema) { self.schema = schema }

    public var count: Int { texts.count }

    /// SHA-256 over texts, targets, trials, groups and row numbers, in order: what a run records of
    /// its data.
    public var digest: Digest {
        var hasher = SHA256()
        for i in 0..<count {
            hasher.update("\(numbers[i]) \(groups[i]) \(target[i]) \(trials?[i] ?? 0) ")
            hasher.update("\(texts[i].utf8.count) \(otherTexts?[i].utf8.count ?? 0) ")
            hasher.update(texts[i])
            if let other = otherTexts?[i] { hasher.update(other) }
        }
        return hasher.finalize()
    }

    /// The rows at some places, in that order, with nothing of the others: groups are numbered
    /// anew, and what was set aside stays with the whole.
    ///
    /// - Precondition: each index is below ``count``.
    public func taking(_ indices: [Int]) -> RowSet {
        func pick<Value>(_ values: [Value]) -> [Value] { indices.map { values[$0] } }
        var result = RowSet(schema: schema)
        result.texts = pick(texts)
        result.otherTexts = otherTexts.map(pick)
        result.target = pick(target)
        result.trials = trials.map(pick)
        result.levels = levels
        var numbers: [Int: Int] = [:]
        for group in pick(groups) {
            let number = numbers[group] ?? numbers.count
            if numbers.updateValue(number, forKey: group) == nil {
                result.groupNames.append(groupNames[group])
            }
            result.groups.append(number)
        }
        result.times = times.map(pick)
        result.confounders = confounders.map { Column(name: $0.name, values: pick($0.values)) }
        result.strata = strata.map(pick)
        result.identifiers = identifiers.map(pick)
        result.numbers = pick(self.numbers)
        return result
    }
}
