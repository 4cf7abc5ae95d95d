import LinearAlgebra

/// Activations at one place of a model, what holds on each, and which belong together.
public struct EvaluationRows: Sendable, Hashable {
    /// [n × d], unscaled.
    public let values: Matrix
    public let properties: PropertyBits
    /// The group of each row, from 0: the game, the document, or whatever is independent of others.
    public let groups: [Int]
    public let groupCount: Int

    /// - Precondition: one row, one bit of each property and one group per activation.
    public init(values: Matrix, properties: PropertyBits, groups: [Int]) {
        precondition(
            values.rows == properties.rowCount && groups.count == values.rows,
            "EvaluationRows: \(values.rows) rows, \(properties.rowCount) of properties, "
                + "\(groups.count) groups")
        self.values = values
        self.properties = properties
        self.groups = groups
        groupCount = (groups.max() ?? -1) + 1
    }

    public var count: Int { values.rows }

    /// The properties of other rows: those half of all rows further on, moved to where a group begins, so
    /// that rows at like places of like groups change truths.
    public var shuffledProperties: PropertyBits {
        guard count > 1 else { return properties }
        let starts = (1..<count).filter { groups[$0] != groups[$0 - 1] }
        let half = count / 2
        let shift = starts.min { (abs($0 - half), $0) < (abs($1 - half), $1) } ?? half
        return properties.reordered((0..<count).map { ($0 + shift) % count })
    }

    /// The same with neighbouring groups put together until there are no more than `limit`: drawing them
    /// again takes time and memory for each.
    func coarsened(to limit: Int) -> EvaluationRows {
        guard groupCount > limit else { return self }
        return EvaluationRows(
            values: values, properties: properties, groups: groups.map { $0 * limit / groupCount })
    }

    /// Deals whole groups to two parts.
    ///
    /// - Parameter share: of groups, for the second part.
    public func split(share: Double, seed: UInt64) -> (EvaluationRows, EvaluationRows) {
        var generator = SeededGenerator(seed: seed)
        let chosen = Set(
            generator.sample(
                Int((Double(groupCount) * share).rounded()), of: groupCount))
        let rows = (0..<count)
        return (
            taking(rows.filter { !chosen.contains(groups[$0]) }),
            taking(rows.filter { chosen.contains(groups[$0]) })
        )
    }

    /// Some rows; groups are numbered anew, in their order.
    private func taking(_ chosen: [Int]) -> EvaluationRows {
        var numbers: [Int: Int] = [:]
        let anew = chosen.map { row in
            let number = numbers[groups[row]] ?? numbers.count
            numbers[groups[row]] = number
            return number
        }
        return EvaluationRows(
            values: values.taking(chosen),
            properties: properties.reordered(chosen), groups: anew)
    }
}

extension Matrix {
    /// Some rows, in that order.
    func taking(_ chosen: [Int]) -> Matrix {
        var storage: [Float] = []
        storage.reserveCapacity(chosen.count * columns)
        for row in chosen { storage += self.row(row) }
        return Matrix(rows: chosen.count, columns: columns, storage: storage)
    }
}
