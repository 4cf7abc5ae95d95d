import Foundation
import Statistics

/// What scipy, scikit-learn and statsmodels compute; `Fixtures/make_mining_fixtures.py` writes it.
struct MiningReference: Decodable {
    struct Ridge: Decodable {
        let columns: [[Double]]
        let target: [Double]
        let penalty: Double
        let standardised: Bool
        let weights: [Double]?
        let intercept: Double
        let coefficients: [Double]
        let standardErrors: [Double]?
    }

    struct Folded: Decodable {
        let columns: [[Double]]
        let target: [Double]
        let folds: [Int]
        let penalties: [Double]
        let chosen: Double
        let outOfFold: [Double]
    }

    struct Logistic: Decodable {
        let columns: [[Double]]
        let target: [Double]
        let penalty: Double
        let weights: [Double]?
        let hasIntercept: Bool
        let intercept: Double
        let coefficients: [Double]
        let standardErrors: [Double]?
    }

    struct Ordinal: Decodable {
        let columns: [[Double]]
        let target: [Double]
        let coefficients: [Double]
        let thresholds: [Double]
        let statsmodelsCoefficients: [Double]
        let standardErrors: [Double]
    }

    struct BetaBinomial: Decodable {
        let columns: [[Double]]
        let successes: [Double]
        let trials: [Double]
        let intercept: Double
        let coefficients: [Double]
        let dispersion: Double
    }

    struct Information: Decodable {
        let x: [Double]
        let y: [Double]
        let given: [[Double]]
        let neighbours: Int
        let plain: Double
        let conditional: Double
    }

    struct Partial: Decodable {
        let x: [Double]
        let y: [Double]
        let controls: [[Double]]
        let value: Double
    }

    struct Intraclass: Decodable {
        let ratings: [[Double]]
        let oneWay: Double
        let interval: [Double]
        let agreement: Double
        let consistency: Double
    }

    struct Gamma: Decodable {
        let x: Double
        let digamma: Double
        let trigamma: Double
    }

    struct Permutation: Decodable {
        let x: [Double]
        let y: [Double]
        let greater: Double
    }

    let ridge: [Ridge]
    let folded: [Folded]
    let logistic: [Logistic]
    let ordinal: [Ordinal]
    let betaBinomial: [BetaBinomial]
    let information: [Information]
    let partial: [Partial]
    let intraclass: [Intraclass]
    let gamma: [Gamma]
    let permutation: Permutation

    static func load() throws -> MiningReference {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/mining.json")
        return try JSONDecoder().decode(MiningReference.self, from: Data(contentsOf: url))
    }
}

/// A table of columns that are not empty.
func table(_ columns: [[Double]]) -> ColumnMatrix {
    ColumnMatrix(rows: columns[0].count, columns: columns)
}

/// The greatest difference, relative to the expected number where that is above 1.
func distance(_ values: [Double], _ expected: [Double]) -> Double {
    guard values.count == expected.count else { return .infinity }
    return zip(values, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
}
