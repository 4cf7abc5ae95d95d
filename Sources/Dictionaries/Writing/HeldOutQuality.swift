import LinearAlgebra
import Subjects

/// How good a dictionary is on what it was not trained on.
public struct HeldOutQuality: Hashable, Sendable {
    public let tokens: Int
    /// 1 − Σ‖x − x̂‖² / Σ‖x − mean‖².
    public let explainedVariance: Double
    /// The mean of ‖x − x̂‖² / d.
    public let meanSquaredError: Double
    /// How many latents are active on a token, in the mean.
    public let activeLatents: Double
    /// How many latents are active on any of the tokens.
    public let liveLatents: Int
    /// How many are active on more than a tenth of them.
    public let denseLatents: Int

    /// Measures dictionaries on what a source keeps from training; its activations are taken once.
    ///
    /// - Parameter normLimit: longer rows are left out, as they were in training; nil for none.
    static func measure(
        _ dictionaries: [SparseAutoencoder], on source: any ActivationSource, normLimit: Float?
    ) throws(DictionaryError) -> [HeldOutQuality] {
        let width = source.width
        var tallies = dictionaries.map { Tally(width: width, latentCount: $0.latentCount) }
        let all = Array(0..<source.pieces(of: .heldOut).count)
        for first in stride(from: 0, to: all.count, by: 64) {
            let chosen = all[first..<min(first + 64, all.count)]
            var storage: [Float] = []
            try source.forEachRow(of: .heldOut, chosen) { row in
                guard let base = row.baseAddress else { return }
                let square = RowKernels.dot(base, base, count: row.count)
                if normLimit.map({ square.squareRoot() <= $0 }) ?? true { storage += row }
            }
            let rows = Matrix(rows: storage.count / width, columns: width, storage: storage)
            do throws(SubjectError) {
                for (index, dictionary) in dictionaries.enumerated() {
                    let latents = try dictionary.encode(rows, threads: source.threads)
                    tallies[index].add(rows, latents, dictionary.decode(latents))
                }
            } catch {
                throw .subject(error)
            }
        }
        return tallies.map { HeldOutQuality($0) }
    }

    init(
        tokens: Int, explainedVariance: Double, meanSquaredError: Double, activeLatents: Double,
        liveLatents: Int, denseLatents: Int
    ) {
        self.tokens = tokens
        self.explainedVariance = explainedVariance
        self.meanSquaredError = meanSquaredError
        self.activeLatents = activeLatents
        self.liveLatents = liveLatents
        self.denseLatents = denseLatents
    }

    private init(_ tally: Tally) {
        let count = Double(tally.rows)
        let variance = tally.squares - tally.sums.reduce(0) { $0 + $1 * $1 } / count
        tokens = tally.rows
        explainedVariance = 1 - tally.errors / variance
        meanSquaredError = tally.errors / (count * Double(tally.sums.count))
        activeLatents = Double(tally.uses.reduce(0, +)) / count
        liveLatents = tally.uses.count { $0 > 0 }
        denseLatents = tally.uses.count { Double($0) > count / 10 }
    }

    private struct Tally {
        var rows = 0
        var sums: [Double]
        var squares = 0.0
        var errors = 0.0
        var uses: [Int]

        init(width: Int, latentCount: Int) {
            sums = [Double](repeating: 0, count: width)
            uses = [Int](repeating: 0, count: latentCount)
        }

        mutating func add(_ x: Matrix, _ latents: [SparseRow], _ back: Matrix) {
            let width = x.columns
            for row in 0..<x.rows {
                for c in 0..<width {
                    let value = Double(x.storage[row * width + c])
                    let error = value - Double(back.storage[row * width + c])
                    sums[c] += value
                    squares += value * value
                    errors += error * error
                }
                for latent in latents[row].indices { uses[Int(latent)] += 1 }
            }
            rows += x.rows
        }
    }
}
