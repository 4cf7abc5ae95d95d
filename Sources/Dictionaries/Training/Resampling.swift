import Foundation
import JSON
import LinearAlgebra
import Subjects

/// Gives latents that do not fire another direction: that of a row which is explained badly.
///
/// - Source: Bricken et al. 2023, "Towards Monosemanticity", "Neuron resampling"; rows are drawn from one
///   batch, as in dictionary_learning.
public struct Resampling: Hashable, Sendable {
    /// How many steps lie between two times.
    public var interval: Int
    /// How long a new encoder row is, as a share of the mean length of those of live latents.
    public var length = 0.2

    public init(interval: Int) { self.interval = interval }

    /// For the dictionary's configuration.
    var json: JSONValue { ["interval": .integer(interval), "length": .number(length)] }

    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check() throws(DictionaryError) {
        guard (1...1 << 40).contains(interval) else {
            throw .badPlan(field: "resample-every", value: "\(interval)", expected: "above 0")
        }
        guard length > 0, length <= 10 else {
            throw .badPlan(
                field: "resampling length", value: "\(length)", expected: "above 0, at most 10")
        }
    }

    /// Draws without replacement, each with a chance in proportion to its weight.
    ///
    /// - Returns: at most `count` places, fewer if fewer weights are above 0.
    /// - Source: Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir".
    static func draw(
        _ count: Int, weights: [Double], _ generator: inout SeededGenerator
    ) -> [Int] {
        let times = weights.map { weight in
            let lot = -log(1 - generator.unit())
            return weight > 0 ? lot / weight : .infinity
        }
        return weights.indices.filter { times[$0] < .infinity }
            .sorted { (times[$0], $0) < (times[$1], $1) }.prefix(count).map { $0 }
    }
}

extension PenaltyTrainer {
    /// Gives dead latents the directions of rows of the last batch, if it is time to.
    ///
    /// A latent counts as dead here if it was silent for half of the interval. Rows are drawn with a chance
    /// in proportion to their loss. The latent's moments in Adam begin anew.
    func resample(_ number: Int) {
        guard let resampling = setting.resampling, (number + 1) % resampling.interval == 0,
            !setting.isEnding(number)
        else { return }
        let patience = max(1, resampling.interval / 2) * setting.batchSize
        let dead = silence.indices.filter { silence[$0] >= patience }
        guard !dead.isEmpty else { return }
        let losses = rowSums.view(RowSum.allCases.count).row(RowSum.error.rawValue)
        var generator = SeededGenerator(seed: setting.seed &+ 0x5EED, stream: UInt64(number))
        let rows = Resampling.draw(
            dead.count, weights: (0..<setting.batchSize).map { Double(losses[$0]) }, &generator)
        let length = Float(resampling.length) * meanEncoderLength(without: Set(dead))
        for (latent, row) in zip(dead, rows) { point(latent, at: row, length: length) }
    }

    /// Of live latents, or 1 if there are none.
    private func meanEncoderLength(without dead: Set<Int>) -> Float {
        let live = (0..<setting.latentCount).filter { !dead.contains($0) }
        guard !live.isEmpty else { return 1 }
        let sum = live.reduce(0.0) {
            let row = encoder.values.row($1)
            return $0 + Double(RowKernels.dot(row, row, count: setting.width)).squareRoot()
        }
        return Float(sum / Double(live.count))
    }

    private func point(_ latent: Int, at row: Int, length: Float) {
        let d = setting.width
        let (x, new) = (inputs.view(setting.batchSize).row(row), decoder.values.row(latent))
        let square = RowKernels.dot(x, x, count: d)
        guard square > 0 else { return }
        new.update(from: x, count: d)
        RowKernels.scale(new, by: 1 / square.squareRoot(), count: d)
        encoder.values.row(latent).update(from: new, count: d)
        RowKernels.scale(encoder.values.row(latent), by: length, count: d)
        encoder.forget(row: latent)
        decoder.forget(row: latent)
        for vector in rule.vectors {
            vector.block.values.base[latent] = 0
            vector.block.forget(column: latent)
        }
        silence[latent] = 0
    }
}
