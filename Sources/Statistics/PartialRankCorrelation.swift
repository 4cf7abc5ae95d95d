/// How well one ordering agrees with another beyond what both owe to controls.
public enum PartialRankCorrelation {
    /// The correlation of what least squares on the controls' midranks leave of both sides'
    /// midranks, on the same rows.
    ///
    /// - Returns: nil for a side of which nothing is left, for fewer rows than unknowns, or for
    ///   controls that are combinations of one another.
    /// - Source: Kendall, Biometrika 32, 1942.
    public static func value(
        _ x: [Double], _ y: [Double], controls: ColumnMatrix
    ) -> Double? {
        rests(x, y, controls) { columns, target in
            try? RidgeRegression(columns: columns, target: target, penalty: 0).predict(columns)
        }
    }

    /// The same with every row's rests taken from a fit to the rows of the other folds, so that no
    /// row speaks for its own fit.
    public static func crossFitted(
        _ x: [Double], _ y: [Double], controls: ColumnMatrix, folds: [Int]
    ) -> Double? {
        rests(x, y, controls) { columns, target in
            try? RidgeRegression.outOfFold(
                columns: columns, target: target, folds: folds, penalties: [0])
        }
    }

    private static func rests(
        _ x: [Double], _ y: [Double], _ controls: ColumnMatrix,
        _ predict: (ColumnMatrix, [Double]) -> [Double]?
    ) -> Double? {
        guard let x = RankStatistics.standardisedRanks(x),
            let y = RankStatistics.standardisedRanks(y)
        else {
            return nil
        }
        let columns = (0..<controls.columns).compactMap {
            RankStatistics.standardisedRanks(Array(controls.column($0)))
        }
        let table = ColumnMatrix(rows: controls.rows, columns: columns)
        guard let fitX = predict(table, x), let fitY = predict(table, y) else { return nil }
        let restX = zip(x, fitX).map { $0 - $1 }
        let restY = zip(y, fitY).map { $0 - $1 }
        // Standardised ranks have squares of 1: less than this is rounding.
        let least = 1e-16 * Double(x.count)
        guard InnerProducts.dot(restX, restX) > least, InnerProducts.dot(restY, restY) > least
        else { return nil }
        return RankStatistics.pearson(restX, restY)
    }
}
