/// The rows of a study, dealt to the three roles.
///
/// Rows of one group stay together, and so do groups that share near-duplicate texts: what belongs
/// together is a unit. Units are dealt in the order of a hash of the seed and their name, so neither
/// the order of the rows nor the number of other columns matters; where rows have a time, the units
/// with the latest rows are the confirm rows and the others are dealt by hash.
public struct RoleDeal: Sendable {
    /// The share of rows that each role should get; units being whole, it is met about.
    public struct Shares: Hashable, Sendable, Codable {
        public let discover: Double
        public let select: Double
        public let confirm: Double

        /// - Precondition: all are above 0; they are scaled to sum to 1.
        public init(discover: Double, select: Double, confirm: Double) {
            precondition(
                discover > 0 && select > 0 && confirm > 0,
                "Shares: \(discover), \(select), \(confirm) must be above 0")
            let sum = discover + select + confirm
            self.discover = discover / sum
            self.select = select / sum
            self.confirm = confirm / sum
        }

        public static let standard = Shares(discover: 0.3, select: 0.4, confirm: 0.3)
    }

    public let discover: RoleView<Discover>
    public let select: RoleView<Select>
    public let confirm: SealedRows
    /// Rows whose text another row has as well, or almost.
    public let nearDuplicateCount: Int
    /// Groups that were joined to another because they share such texts.
    public let joinedGroupCount: Int
    /// What was dealt: groups, joined where they share near-duplicates.
    public let unitCount: Int

    /// - Throws: ``RowError/emptyRole(_:units:largest:rows:)`` when whole units leave a role without
    ///   rows.
    /// - Complexity: that of ``NearDuplicates/clusters(of:)``.
    public init(
        _ rows: RowSet, seed: UInt64, shares: Shares = .standard
    ) throws(RowError) {
        let clusters = NearDuplicates.clusters(of: rows.texts + (rows.otherTexts ?? []))
        let units = DealtUnits(rows: rows, clusters: clusters)
        let roles = units.roles(seed: seed, shares: shares, times: rows.times)
        func indices(_ role: Int, _ name: String) throws(RowError) -> [Int] {
            let found = rows.texts.indices.filter { roles[units.unit[$0]] == role }
            guard !found.isEmpty else {
                throw .emptyRole(
                    name, units: units.names.count, largest: units.sizes.max() ?? 0,
                    rows: rows.count)
            }
            return found
        }
        discover = RoleView(
            rows: rows, indices: try indices(0, Discover.name), units: units.unit,
            names: units.names)
        select = RoleView(
            rows: rows, indices: try indices(1, Select.name), units: units.unit, names: units.names)
        confirm = SealedRows(
            RoleView(
                rows: rows, indices: try indices(2, Confirm.name), units: units.unit,
                names: units.names))
        nearDuplicateCount = units.nearDuplicateCount
        joinedGroupCount = rows.groupNames.count - units.names.count
        unitCount = units.names.count
    }
}

/// Groups joined by near-duplicates.
private struct DealtUnits {
    /// The unit of each row.
    let unit: [Int]
    /// The least group name of each unit.
    let names: [String]
    /// Rows of each unit.
    let sizes: [Int]
    let nearDuplicateCount: Int

    /// - Parameter clusters: of the rows' texts, and after them of their other texts if they have
    ///   any.
    init(rows: RowSet, clusters: [Int]) {
        let rowOf = clusters.indices.map { $0 % rows.count }
        var sets = UnionFind(count: rows.groupNames.count)
        var first: [Int: Int] = [:]
        var members = [Set<Int>](repeating: [], count: (clusters.max() ?? -1) + 1)
        for (i, cluster) in clusters.enumerated() {
            members[cluster].insert(rowOf[i])
            if let known = first[cluster] {
                sets.join(rows.groups[known], rows.groups[rowOf[i]])
            } else {
                first[cluster] = rowOf[i]
            }
        }
        let unitOfGroup = sets.numbers()
        var names = [String?](repeating: nil, count: (unitOfGroup.max() ?? -1) + 1)
        for (group, name) in rows.groupNames.enumerated() {
            let unit = unitOfGroup[group]
            names[unit] = names[unit].map { min($0, name) } ?? name
        }
        self.names = names.map { $0 ?? "" }
        unit = rows.groups.map { unitOfGroup[$0] }
        var sizes = [Int](repeating: 0, count: names.count)
        for unit in unit { sizes[unit] += 1 }
        self.sizes = sizes
        nearDuplicateCount =
            members.filter { $0.count > 1 }.reduce(into: Set<Int>()) {
                $0.formUnion($1)
            }.count
    }

    /// 0, 1 or 2 for each unit.
    func roles(seed: UInt64, shares: RoleDeal.Shares, times: [Double]?) -> [Int] {
        let hashed = UnitOrder.hashed(names, salt: "role \(seed)")
        guard let times else { return cut(hashed, [shares.discover, shares.select]) }
        var latest = [Double](repeating: -.infinity, count: names.count)
        for (row, time) in times.enumerated() { latest[unit[row]] = max(latest[unit[row]], time) }
        let rank = Dictionary(uniqueKeysWithValues: hashed.enumerated().map { ($1, $0) })
        let byTime = names.indices.sorted {
            (latest[$0], rank[$0, default: 0]) < (latest[$1], rank[$1, default: 0])
        }
        let isEarly = cut(byTime, [1 - shares.confirm]).map { $0 == 0 }
        let early = cut(
            hashed.filter { isEarly[$0] },
            [shares.discover / (shares.discover + shares.select)])
        return names.indices.map { isEarly[$0] ? early[$0] : 2 }
    }

    /// Cuts units in an order where their rows reach the cumulative shares; a unit goes where its
    /// middle row lies.
    private func cut(_ order: [Int], _ shares: [Double]) -> [Int] {
        let total = Double(order.reduce(0) { $0 + sizes[$1] })
        var result = [Int](repeating: 0, count: names.count)
        var before = 0.0
        for unit in order {
            let middle = (before + Double(sizes[unit]) / 2) / total
            var edge = 0.0
            for share in shares {
                edge += share
                if middle >= edge { result[unit] += 1 }
            }
            before += Double(sizes[unit])
        }
        return result
    }
}
