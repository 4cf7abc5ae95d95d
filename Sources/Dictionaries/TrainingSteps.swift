import LinearAlgebra
import Subjects

/// The steps of a training without a model: for whoever measures how fast they are.
package final class TrainingSteps {
    private let trainer: any DictionaryTrainer
    private let plan: TrainingPlan
    private var number = 0

    /// - Parameters:
    ///   - rows: what the centre and the variance are taken of, [n × d].
    ///   - threads: above 0.
    ///   - encoderBias: where every b_enc begins, or nil for where the training lets it begin; below 0 few
    ///     latents are active from the start.
    /// - Throws: ``DictionaryError`` for a plan out of range, or rows that do not vary.
    package init(
        _ plan: TrainingPlan, rows: RowView, threads: Int, encoderBias: Float? = nil
    ) throws(DictionaryError) {
        try plan.check()
        let moments = try RowMoments(rows, place: "the rows")
        var generator = SeededGenerator(seed: plan.seed)
        self.plan = plan
        trainer = try plan.architecture.trainer(
            TrainerSetting(
                width: rows.width, plan: plan, centre: moments.mean.map { Float($0) },
                variance: Float(moments.variance), threads: threads), &generator)
        guard let encoderBias else { return }
        var state = trainer.state()
        state.tables["encoder bias"] = Matrix(
            rows: 1, columns: plan.latentCount,
            storage: .init(repeating: encoderBias, count: plan.latentCount))
        try trainer.restore(state)
    }

    /// Trains on as many rows as a batch has.
    ///
    /// - Returns: what they leave unexplained, as a share of the variance, and how many latents are active on
    ///   one of them.
    package func step(_ rows: RowView) -> (unexplained: Double, activeLatents: Double) {
        precondition(rows.count == plan.batchSize, "\(rows.count) rows for \(plan.batchSize)")
        let batch = trainer.batch.view(rows.count)
        for r in 0..<rows.count { batch.row(r).update(from: rows.row(r), count: rows.width) }
        let loss = trainer.step(number)
        number += 1
        return (loss.unexplained, loss.activeLatents)
    }
}
