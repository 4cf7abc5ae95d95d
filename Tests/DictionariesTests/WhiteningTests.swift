import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct WhiteningTests {
    private let source = PlantedSource(width: 16, rows: 3_000)

    private func fitted(
        threads: Int = 1, _ change: (inout TrainingPlan) -> Void = { _ in }
    ) throws -> RowPreparation {
        var plan = shortPlan()
        plan.whitening = .original
        change(&plan)
        let source = PlantedSource(width: 16, rows: 3_000, threads: threads)
        let pool = try ActivationPool(source, byteLimit: 1 << 20, seed: 1)
        return try RowPreparation(fitting: pool, of: source, plan)
    }

    private func covariance(_ rows: Matrix) -> [[Double]] {
        let (n, d) = (Double(rows.rows), rows.columns)
        let mean = (0..<d).map { c in
            (0..<rows.rows).reduce(0.0) { $0 + Double(rows[$1, c]) } / n
        }
        return (0..<d).map { i in
            (0..<d).map { j in
                (0..<rows.rows).reduce(0.0) {
                    $0 + (Double(rows[$1, i]) - mean[i]) * (Double(rows[$1, j]) - mean[j])
                } / (n - 1)
            }
        }
    }

    private func whitened(_ rows: Matrix, _ whitening: Whitening, threads: Int = 1) -> Matrix {
        let memory = Scratch(rows: rows.rows, width: rows.columns)
        let view = memory.view(rows.rows)
        for r in 0..<rows.rows { for c in 0..<rows.columns { view.row(r)[c] = rows[r, c] } }
        whitening.apply(to: view, threads: threads)
        return Matrix(
            rows: rows.rows, columns: rows.columns,
            storage: (0..<rows.rows).flatMap {
                UnsafeBufferPointer(start: view.row($0), count: rows.columns)
            })
    }

    @Test func leavesUncorrelatedRowsOfEqualVariance() throws {
        let rows = try #require(source.parts[.training])
        let whitening = try #require(try fitted().whitening)
        let after = covariance(whitened(rows, whitening))
        for (i, row) in after.enumerated() {
            for (j, value) in row.enumerated() {
                let expected = i == j ? whitening.keptVariances[i] : 0
                #expect(abs(value - expected) < 1e-4, "\(i) \(j)")
            }
        }
        let trace = covariance(rows).enumerated().reduce(0) { $0 + $1.element[$1.offset] }
        // Σ(λ + ε) = Σλ (1 + a thousandth).
        #expect(abs(whitening.variances.reduce(0, +) / trace - 1.001) < 1e-6)
    }

    @Test func countsErrorsOfTheRowsAsTheyWere() throws {
        let preparation = try fitted()
        let whitening = try #require(preparation.whitening)
        let weights = try #require(preparation.errorWeights)
        #expect(abs(weights.reduce(0, +) / 16 - 1) < 1e-5)
        // ‖x − y‖² of rows and Σ w (zx − zy)² of whitened ones are in one proportion.
        let rows = try #require(source.parts[.training])
        let z = whitened(rows, whitening)
        let mean = whitening.variances.reduce(0, +) / 16
        for r in stride(from: 0, to: 200, by: 2) {
            let original = zip(rows.row(r), rows.row(r + 1)).reduce(0.0) {
                $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
            }
            let weighted = zip(weights, zip(z.row(r), z.row(r + 1))).reduce(0.0) {
                $0 + Double($1.0 * ($1.1.0 - $1.1.1) * ($1.1.0 - $1.1.1))
            }
            #expect(abs(weighted * mean / original - 1) < 1e-3)
        }
        #expect(try fitted { $0.whitening = .whitened }.errorWeights == nil)
    }

    private enum Kind: CaseIterable { case standard, topK, jumpReLU, gated }

    private func form(
        _ kind: Kind, subtracts: Bool, _ generator: inout SeededGenerator
    ) -> TrainedForm {
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
        let weights = SparseAutoencoder.Weights(
            encoder: Matrix(rows: 16, columns: 30, storage: values(480)), encoderBias: values(30),
            decoder: Matrix(rows: 30, columns: 16, storage: values(480)), decoderBias: values(16))
        let architecture: SparseAutoencoder.Architecture =
            switch kind {
            case .standard: .standard
            case .topK: .topK(k: 4)
            case .jumpReLU: .jumpReLU(threshold: values(30).map(abs))
            case .gated:
                .gated(.init(bias: values(30), logScale: values(30), magnitudeBias: values(30)))
            }
        return TrainedForm(
            weights: weights, architecture: architecture, subtractsDecoderBias: subtracts)
    }

    @Test(arguments: [true, false]) func encodesAlike_foldedAndUnfolded(subtracts: Bool) throws {
        let rows = try #require(source.parts[.heldOut])
        let whitening = try #require(try fitted().whitening)
        var generator = SeededGenerator(seed: 4)
        for kind in Kind.allCases {
            let form = form(kind, subtracts: subtracts, &generator)
            let inner = form.autoencoder(.init())
            let outer = whitening.folded(form, threads: 2).autoencoder(.init())
            let expected = try inner.encode(whitened(rows, whitening))
            let found = try outer.encode(rows)
            var differences = 0
            for (a, b) in zip(expected, found) {
                guard a.indices == b.indices else {
                    differences += 1
                    continue
                }
                for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < 2e-3) }
            }
            // A pre-activation on the very threshold may fall on either side.
            #expect(differences <= 2, "\(kind): \(differences)")
            // x̂ of whitened rows, brought back, is x̂ of the rows.
            let back = outer.decode(found)
            let white = inner.decode(expected)
            for r in stride(from: 0, to: rows.rows, by: 37) {
                for c in 0..<16 {
                    let value = (0..<16).reduce(whitening.mean[c]) {
                        $0 + Double(white[r, $1]) * whitening.variances[$1].squareRoot()
                            * whitening.directions[$1 * 16 + c]
                    }
                    #expect(abs(Double(back[r, c]) - value) < 0.02 + 1e-3 * abs(value))
                }
            }
        }
    }

    @Test func givesTheSameBits_withAnyNumberOfThreads() throws {
        let one = try #require(try fitted().whitening)
        let three = try #require(try fitted(threads: 3).whitening)
        #expect(one.mean == three.mean)
        #expect(one.variances == three.variances)
        #expect(one.directions == three.directions)
        let rows = try #require(source.parts[.heldOut])
        #expect(whitened(rows, one) == whitened(rows, three, threads: 3))
    }

    @Test func explainsTheRowsAsTheyWere() throws {
        var plan = shortPlan(.topK(k: 6))
        plan.tokens = 20_000
        plan.whitening = .original
        let trained = try DictionaryTraining(source: source, plans: [plan]).run()[0]
        #expect(trained.quality.explainedVariance > 0.3)
        #expect(trained.form.subtractsDecoderBias)
    }

    @Test func fitsOnLaterRows_whenTheHeldOnesAreTooFew() throws {
        let source = PlantedSource(width: 200, rows: 9_000)
        var plan = shortPlan()
        plan.whitening = .original
        func whitening(byteLimit: Int) throws -> Whitening? {
            let pool = try ActivationPool(source, byteLimit: byteLimit, seed: 1)
            return try RowPreparation(fitting: pool, of: source, plan).whitening
        }
        let (small, large) = (
            try #require(try whitening(byteLimit: 1 << 20)),
            try #require(try whitening(byteLimit: 1 << 30))
        )
        for (a, b) in zip(small.variances, large.variances) { #expect(abs(a / b - 1) < 1e-6) }
    }
}
