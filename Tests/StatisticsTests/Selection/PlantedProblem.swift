import LinearAlgebra
import Statistics

/// Rows of normal features of which some move the target.
enum PlantedProblem {
    /// - Parameters:
    ///   - strengths: what each of the first features adds to the target; the others are noise.
    ///   - groupSize: rows of a group share a part of the target and of every feature.
    ///   - controlled: whether a control moves the target and the first feature that is noise.
    static func make(
        rows: Int, features: Int, strengths: [Double], groupSize: Int = 1, controlled: Bool = false,
        folds: Int = 5, generator: inout SeededGenerator
    ) -> SelectionProblem {
        let groups = (0..<rows).map { $0 / groupSize }
        let control = (0..<rows).map { _ in generator.normal() }
        var columns = (0..<features).map { _ in
            let shared = (0...rows / groupSize).map { _ in generator.normal() }
            return groups.map { group in
                (groupSize > 1 ? shared[group] : 0) + generator.normal()
            }
        }
        let shared = (0...rows / groupSize).map { _ in generator.normal() }
        var target = groups.map { (groupSize > 1 ? shared[$0] : 0) + generator.normal() }
        for (feature, strength) in strengths.enumerated() {
            for row in 0..<rows { target[row] += strength * columns[feature][row] }
        }
        if controlled {
            for row in 0..<rows {
                target[row] += control[row]
                columns[strengths.count][row] += control[row]
            }
        }
        return SelectionProblem(
            candidates: ColumnMatrix(rows: rows, columns: columns),
            controls: controlled ? ColumnMatrix(rows: rows, columns: [control]) : nil,
            target: target, folds: groups.map { $0 % folds }, groups: groups)
    }
}
