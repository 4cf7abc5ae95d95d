/// Which of many candidate features to keep, given a target.
///
/// Candidates, controls and target are looked at as ranks, so that neither a unit nor one extreme
/// row decides.
public struct SelectionProblem: Sendable {
    /// The features to choose from, [n × p].
    public let candidates: ColumnMatrix
    /// Columns that are in every model before the first choice, such as the logarithm of the
    /// length, [n × c].
    public let controls: ColumnMatrix
    /// What is to be predicted, [n].
    public let target: [Double]
    /// The fold of each row, from 0; a group's rows lie in one fold.
    public let folds: [Int]
    /// The group of each row. Rows of a group may depend on one another.
    public let groups: [Int]
    /// The stratum of each row; shuffles stay within one. nil for one of all.
    public let strata: [Int]?

    /// - Parameters:
    ///   - controls: nil for none.
    ///   - groups: nil for a group of its own for each row.
    /// - Precondition: counts agree, every number is finite, there are at least two folds and no
    ///   group lies in two.
    public init(
        candidates: ColumnMatrix, controls: ColumnMatrix? = nil, target: [Double], folds: [Int],
        groups: [Int]? = nil, strata: [Int]? = nil
    ) {
        let n = candidates.rows
        let controls = controls ?? ColumnMatrix(rows: n, columns: 0)
        let groups = groups ?? Array(0..<n)
        precondition(
            controls.rows == n && target.count == n && folds.count == n && groups.count == n
                && strata?.count ?? n == n, "SelectionProblem: counts disagree with \(n) rows")
        precondition(
            (candidates.storage + controls.storage + target).allSatisfy(\.isFinite),
            "SelectionProblem: every number must be finite")
        precondition(Set(folds).count >= 2, "SelectionProblem: at least two folds are needed")
        var foldOfGroup: [Int: Int] = [:]
        for (group, fold) in zip(groups, folds) {
            precondition(
                foldOfGroup.updateValue(fold, forKey: group) ?? fold == fold,
                "SelectionProblem: group \(group) lies in two folds")
        }
        self.candidates = candidates
        self.controls = controls
        self.target = target
        self.folds = folds
        self.groups = groups
        self.strata = strata
    }

    /// The problem of some of the rows.
    func selecting(rows: [Int]) -> SelectionProblem {
        SelectionProblem(
            candidates: candidates.selecting(rows: rows), controls: controls.selecting(rows: rows),
            target: rows.map { target[$0] }, folds: rows.map { folds[$0] },
            groups: rows.map { groups[$0] }, strata: strata.map { s in rows.map { s[$0] } })
    }
}
