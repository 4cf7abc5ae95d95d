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
        guard plan.whitening == nil, plan.normLimit == nil, plan.positions == nil,
            plan.centre == .mean
        else {
            throw .badPlan(
                field: "the preparation of rows in memory", value: "asked for",
                expected: "only where rows are a stream: leave it out")
        }
        let held = Scratch(rows: max(1, rows.rows), width: rows.columns)
        let view = held.view(rows.rows)
        for r in 0..<rows.rows {
            for (c, value) in rows.row(r).enumerated() { view.row(r)[c] = value }
        }
        guard rows.rows > 0, rows.storage.allSatisfy(\.isFinite) else {
            throw .uselessActivations(
                hook: "rows in memory", reason: "there are none, or some are no finite numbers")
        }
        let moments = try RowMoments(view, place: "rows in memory")
        let scale = Float(moments.scale)
        var generator = SeededGenerator(seed: plan.seed)
        let trainer = try plan.architecture.trainer(
            TrainerSetting(
                width: rows.columns, plan: plan,
                centre: moments.mean.map { Float($0 * moments.scale) },
                variance: Float(moments.variance * moments.scale * moments.scale),
                threads: threads), &generator)
        var order = generator.sample(rows.rows, of: rows.rows)
        var next = 0
        for step in 0..<plan.stepCount {
            let batch = trainer.batch.view(plan.batchSize)
            for r in 0..<batch.count {
                if next == order.count {
                    order = generator.sample(rows.rows, of: rows.rows)
                    next = 0
                }
                batch.row(r).update(from: view.row(order[next]), count: view.width)
                RowKernels.scale(batch.row(r), by: scale, count: view.width)
                next += 1
            }
            guard trainer.step(step).isFinite else {
                throw .diverged(step: step + 1, checkpoint: nil)
            }
        }
        return trainer.trained().scaled(by: scale).autoencoder(SparseAutoencoder.Origin())
    }
}
