import Digests

/// What rows may be used for. Roles are types: what takes a ``RoleView`` of one role cannot be
/// handed one of another.
public protocol DataRole: Sendable {
    static var name: String { get }
}

/// A proposer may read these rows.
public enum Discover: DataRole {
    public static let name = "discover"
}

/// Features are chosen on these rows, cross-fitted; a proposer sees of them only figures.
public enum Select: DataRole {
    public static let name = "select"
}

/// The chosen features are scored on these rows, once.
public enum Confirm: DataRole {
    public static let name = "confirm"
}

/// The rows of one role, and nothing of the others.
public struct RoleView<Role: DataRole>: Hashable, Sendable {
    public let rows: RowSet
    /// Where each row stands in the row set that was dealt.
    public let indices: [Int]
    /// What each row belongs to and never leaves: groups, joined where they share near-duplicates;
    /// numbered from 0. Folds and bootstraps keep units whole.
    public let units: [Int]
    /// One name per unit that does not depend on the order of rows.
    let unitNames: [String]

    init(rows: RowSet, indices: [Int], units: [Int], names: [String]) {
        self.rows = rows.taking(indices)
        self.indices = indices
        var numbers: [Int: Int] = [:]
        var kept: [String] = []
        self.units = indices.map { index in
            if let known = numbers[units[index]] { return known }
            numbers[units[index]] = kept.count
            kept.append(names[units[index]])
            return kept.count - 1
        }
        unitNames = kept
    }

    public var count: Int { indices.count }

    /// How many independent units there are.
    public var unitCount: Int { unitNames.count }

    /// A fold from 0 for each row: units whole, in the order of their hash with the seed, each to
    /// the fold with the fewest rows so far. The order of rows does not matter.
    ///
    /// - Throws: ``RowError/tooFewGroups(found:folds:)``.
    public func folds(count: Int, seed: UInt64) throws(RowError) -> [Int] {
        precondition(count >= 2, "folds(count: \(count)): at least 2")
        guard unitCount >= count else { throw .tooFewGroups(found: unitCount, folds: count) }
        var sizes = [Int](repeating: 0, count: unitCount)
        for unit in units { sizes[unit] += 1 }
        var folds = [Int](repeating: 0, count: unitCount)
        var rowCounts = [Int](repeating: 0, count: count)
        for unit in UnitOrder.hashed(unitNames, salt: "fold \(seed)") {
            let fold = (0..<count).min { (rowCounts[$0], $0) < (rowCounts[$1], $1) } ?? 0
            folds[unit] = fold
            rowCounts[fold] += sizes[unit]
        }
        return units.map { folds[$0] }
    }
}

/// An order of units that depends on their names and a salt alone.
enum UnitOrder {
    static func hashed(_ names: [String], salt: String) -> [Int] {
        let keys = names.map { SHA256.digest(of: salt + "\u{0}" + $0) }
        return names.indices.sorted { keys[$0] < keys[$1] }
    }
}
