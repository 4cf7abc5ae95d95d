import Foundation

/// What scipy computes; `Fixtures/make_fixtures.py` writes it.
struct Reference: Decodable {
    struct Binomial: Decodable {
        let successes: Int
        let trials: Int
        let level: Double
        let clopperPearson: [Double]
        let wilson: [Double]
    }

    struct Adjusted: Decodable {
        let pValues: [Double]
        let benjaminiHochberg: [Double]
        let benjaminiYekutieli: [Double]
        let holm: [Double]
    }

    struct Ranks: Decodable {
        let x: [Double]
        let y: [Double]
        let labels: [Bool]
        let spearman: Double
        let pearson: Double
        let auroc: Double
    }

    struct Normal: Decodable {
        let chance: Double
        let quantile: Double
    }

    let binomial: [Binomial]
    let adjusted: [Adjusted]
    let ranks: [Ranks]
    let normal: [Normal]

    static func load() throws -> Reference {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }
}

/// Whether two numbers agree to `tolerance`, absolutely and relative to the expected one.
func agree(_ value: Double, _ expected: Double, tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance * min(1, max(abs(expected), 1e-300))
        || value == expected
}

/// Whether two lists agree in count and in each number.
func agree(_ values: [Double], _ expected: [Double], tolerance: Double) -> Bool {
    values.count == expected.count
        && zip(values, expected).allSatisfy { agree($0, $1, tolerance: tolerance) }
}
