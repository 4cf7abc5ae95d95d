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
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    package init(
        _ plan: TrainingPlan, rows: RowView, threads: Int, encoderBias: Float? = nil
    ) throws(DictionaryError) {
        try plan.check()
        let count = Float(rows.count)
        var centre = [Float](repeating: 0, count: rows.width)
        for r in 0..<rows.count {
            for c in centre.indices { centre[c] += rows.row(r)[c] / count }
        }
        var variance: Float = 0
        for r in 0..<rows.count {
            variance +=
                centre.indices.reduce(Float(0)) {
                    let difference = rows.row(r)[$1] - centre[$1]
                    return $0 + difference * difference
                } / count
        }
        var generator = SeededGenerator(seed: plan.seed)
        self.plan = plan
        trainer = try plan.architecture.trainer(
            TrainerSetting(
                width: rows.width, plan: plan, centre: centre, variance: variance,
                threads: threads), &generator)
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
