import LinearAlgebra
import Statistics
import Subjects

/// How well a dictionary gives back the rows that it was given, and with how many latents.
///
/// Sums are kept by group of rows, so that whole groups can be drawn again; the means μ and ē are those
/// of all rows throughout.
struct ReconstructionQuality {
    /// One group's sums.
    private struct Sums {
        var rows = 0.0
        var error = 0.0
        var deviation = 0.0
        var centredError = 0.0
        var perRow = 0.0
        var errorLength = 0.0
        var cosine = 0.0
        var lengthRatio = 0.0
        var square = 0.0
        var product = 0.0
        var active = 0.0
        var activation = 0.0

        var vector: [Double] {
            [
                rows, error, deviation, centredError, perRow, errorLength, cosine, lengthRatio,
                square, product, active, activation,
            ]
        }
    }

    private let groups: [[Double]]
    private let width: Double

    /// - Parameter back: x̂ of each row.
    init(
        _ x: Matrix, _ back: Matrix, _ table: LatentTable, groups: [Int], groupCount: Int
    ) {
        let mean = Self.mean(x)
        let meanError = zip(mean, Self.mean(back)).map { $0 - $1 }
        width = Double(x.columns)
        var sums = [Sums](repeating: Sums(), count: groupCount)
        x.withUnsafeBufferPointer { x in
            back.withUnsafeBufferPointer { back in
                for row in 0..<table.rowCount {
                    let range = row * mean.count..<(row + 1) * mean.count
                    Self.add(
                        UnsafeBufferPointer(rebasing: x[range]),
                        UnsafeBufferPointer(rebasing: back[range]), mean, meanError,
                        to: &sums[groups[row]])
                    let active = table.rowStarts[row]..<table.rowStarts[row + 1]
                    sums[groups[row]].active += Double(active.count)
                    sums[groups[row]].activation += table.values[active].reduce(0) {
                        $0 + Double($1)
                    }
                }
            }
        }
        self.groups = sums.map(\.vector)
    }

    private static func add(
        _ x: UnsafeBufferPointer<Float>, _ back: UnsafeBufferPointer<Float>, _ mean: [Double],
        _ meanError: [Double], to sums: inout Sums
    ) {
        var (error, deviation, centred, square, backSquare, product) = (
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        )
        for c in mean.indices {
            let (value, given) = (Double(x[c]), Double(back[c]))
            let difference = value - given
            error += difference * difference
            deviation += (value - mean[c]) * (value - mean[c])
            centred += (difference - meanError[c]) * (difference - meanError[c])
            square += value * value
            backSquare += given * given
            product += value * given
        }
        sums.rows += 1
        sums.error += error
        sums.deviation += deviation
        sums.centredError += centred
        sums.perRow += deviation > 0 ? 1 - error / deviation : 0
        sums.errorLength += error.squareRoot()
        let lengths = (square * backSquare).squareRoot()
        sums.cosine += lengths > 0 ? product / lengths : 0
        sums.lengthRatio += square > 0 ? (backSquare / square).squareRoot() : 0
        sums.square += backSquare
        sums.product += product
    }

    static func mean(_ rows: Matrix) -> [Double] {
        var sums = [Double](repeating: 0, count: rows.columns)
        rows.withUnsafeBufferPointer { values in
            for row in 0..<rows.rows {
                for c in 0..<rows.columns { sums[c] += Double(values[row * rows.columns + c]) }
            }
        }
        return sums.map { $0 / Double(max(1, rows.rows)) }
    }

    /// Each figure as a function of summed groups.
    private var statistics: [(EvaluationFigure, ([Double]) -> Double?)] {
        let width = width
        func mean(_ place: Int) -> ([Double]) -> Double? { { $0[place] / $0[0] } }
        return [
            (.explainedVariance, { $0[2] > 0 ? 1 - $0[1] / $0[2] : nil }),
            (.explainedVarianceCentred, { $0[2] > 0 ? 1 - $0[3] / $0[2] : nil }),
            (.explainedVariancePerRow, mean(4)),
            (.meanSquaredError, { $0[1] / $0[0] / width }),
            (.squaredError, mean(1)), (.errorLength, mean(5)), (.cosine, mean(6)),
            (.lengthRatio, mean(7)),
            (.reconstructionBias, { $0[9] != 0 ? $0[8] / $0[9] : nil }),
            (.activeLatents, mean(10)), (.activationSum, mean(11)),
        ]
    }

    func figures(_ resampling: GroupResampling) -> [(EvaluationFigure, Estimate)] {
        statistics.compactMap { figure, statistic in
            resampling.estimate(groups, statistic).map { (figure, $0) }
        }
    }
}

/// How intervals are made: whole groups of rows are drawn again, with the same draws for every figure.
public struct GroupResampling: Sendable, Hashable {
    public var replicates: Int
    public var level: Double
    public var seed: UInt64

    public init(replicates: Int = 1000, level: Double = 0.95, seed: UInt64 = 1) {
        self.replicates = replicates
        self.level = level
        self.seed = seed
    }

    func estimate(_ groups: [[Double]], _ statistic: ([Double]) -> Double?) -> Estimate? {
        var generator = SeededGenerator(seed: seed)
        return Bootstrap.interval(
            groups: groups, replicates: replicates, level: level, generator: &generator,
            statistic: statistic)
    }
}
