import LinearAlgebra
import Subjects

extension TrainedDictionary {
    /// Trains an autoencoder on rows in memory, in an order that is drawn anew each time round.
    ///
    /// - Parameters:
    ///   - rows: [rows × d].
    ///   - plan: `tokens` counts rows; contexts and the held-out share are not used.
    /// - Throws: ``DictionaryError`` for a plan out of range, rows that are all the same or no finite
    ///   numbers, and a loss that is none.
    public static func autoencoder(
        on rows: Matrix, plan: TrainingPlan, threads: Int = 1
    ) throws(DictionaryError) -> SparseAutoencoder {
        try plan.check()
        let statistics = try rows.statistics(named: "rows in memory")
        var generator = SeededGenerator(seed: plan.seed)
        let trainer = try plan.architecture.trainer(
            TrainerSetting(
                width: rows.columns, plan: plan, centre: statistics.mean,
                variance: statistics.variance, threads: threads), &generator)
        var order = generator.sample(rows.rows, of: rows.rows)
        var next = 0
        for step in 0..<plan.stepCount {
            let batch = trainer.batch.view(plan.batchSize)
            for r in 0..<batch.count {
                if next == order.count {
                    order = generator.sample(rows.rows, of: rows.rows)
                    next = 0
                }
                let row = rows.row(order[next])
                for (c, value) in row.enumerated() { batch.row(r)[c] = statistics.scale * value }
                next += 1
            }
            guard trainer.step(step).isFinite else { throw .diverged(step: step + 1) }
        }
        let form = trainer.trained().scaled(by: statistics.scale)
        return SparseAutoencoder(
            form.weights, architecture: form.architecture,
            subtractsDecoderBias: form.subtractsDecoderBias)
    }
}

extension Matrix {
    fileprivate func statistics(
        named name: String
    ) throws(DictionaryError) -> ActivationPool.Statistics {
        guard rows > 0, storage.allSatisfy(\.isFinite) else {
            throw .uselessActivations(hook: name, reason: "there are none, or some are no numbers")
        }
        var sums = [Double](repeating: 0, count: columns)
        var (norms, squares) = (0.0, 0.0)
        for r in 0..<rows {
            var square = 0.0
            for (c, value) in row(r).enumerated() {
                sums[c] += Double(value)
                square += Double(value) * Double(value)
            }
            norms += square.squareRoot()
            squares += square
        }
        let count = Double(rows)
        let mean = sums.map { $0 / count }
        let variance = squares / count - mean.reduce(0) { $0 + $1 * $1 }
        guard norms > 0, variance > 1e-9 * squares / count else {
            throw .uselessActivations(hook: name, reason: "they are all the same")
        }
        let scale = Double(columns).squareRoot() * count / norms
        return ActivationPool.Statistics(
            scale: Float(scale), mean: mean.map { Float($0 * scale) },
            variance: Float(variance * scale * scale))
    }
}
