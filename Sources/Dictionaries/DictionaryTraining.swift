import LinearAlgebra
import Subjects

/// Trains dictionaries on one stream of activations, and measures them on what was kept apart.
///
/// Every batch goes to every dictionary, so that a model's passes are paid once. Each comes out as if it
/// had been trained alone: the same source, plan and seed give the same bytes, with any number of threads,
/// any companions, and however often the training was interrupted.
public struct DictionaryTraining: Sendable {
    /// How far the training has come.
    public struct Progress: Sendable {
        public let step: Int
        public let stepCount: Int
        public let tokens: Int
        /// How many of them came since this process began or went on.
        public let newTokens: Int
        /// What the last batch cost each dictionary.
        public let dictionaries: [BatchFigures]
    }

    /// What one batch says of a dictionary.
    public struct BatchFigures: Hashable, Sendable {
        /// ‖x̂ − x‖² as a share of the variance.
        public let unexplained: Double
        /// How many latents are active on a row, in the mean.
        public let activeLatents: Double
        /// How many latents have not fired lately.
        public let deadLatents: Int
    }

    public enum Decision: Sendable {
        case goOn, stop
    }

    public let source: any ActivationSource
    /// How each dictionary is trained.
    public let plans: [TrainingPlan]

    /// How many different activations there are to train on, and to measure on.
    public var tokenCounts: (training: Int, heldOut: Int) {
        (source.pieces(of: .training).rowCount, source.pieces(of: .heldOut).rowCount)
    }

    /// - Parameter plans: at least one; all must share a stream.
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)`` or
    ///   ``DictionaryError/differentStreams(plan:)``.
    public init(
        source: any ActivationSource, plans: [TrainingPlan]
    ) throws(DictionaryError) {
        precondition(!plans.isEmpty, "DictionaryTraining: no plan")
        for (index, plan) in plans.enumerated() {
            try plan.check()
            guard plan.sharesStream(with: plans[0]) else { throw .differentStreams(plan: index) }
        }
        try source.check(for: plans[0])
        self.source = source
        self.plans = plans
    }

    /// Trains and measures.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Parameters:
    ///   - checkpoints: where the training is kept while it runs and where it goes on from, or nil for
    ///     nowhere.
    ///   - progress: is called after every step, and may stop the training.
    /// - Returns: a dictionary for each plan.
    public func run(
        checkpoints: CheckpointFolder? = nil, progress: (Progress) -> Decision = { _ in .goOn }
    ) throws(DictionaryError) -> [TrainedDictionary] {
        let identity = try checkpoints.map { _ throws(DictionaryError) in try self.identity() }
        let run: TrainingRun
        if let checkpoints, let identity, let file = try checkpoints.newest(of: identity) {
            run = try TrainingRun(self, from: file)
        } else {
            run = try TrainingRun(self)
        }
        let (first, size) = (run.step, plans[0].batchSize)
        var clock = CheckpointClock(checkpoints?.interval)
        while run.step < plans[0].stepCount {
            let figures = try step(run, checkpoints)
            let decision = progress(
                Progress(
                    step: run.step, stepCount: plans[0].stepCount,
                    tokens: run.step * size, newTokens: (run.step - first) * size,
                    dictionaries: figures))
            let isDone = run.step == plans[0].stepCount
            guard let checkpoints, let identity else {
                if decision == .stop { throw .stopped(step: run.step, checkpoint: nil) }
                continue
            }
            if isDone, decision == .goOn {
                // Should the result not fit the disk, nothing need be trained again; if this does not fit
                // either, the smaller result still may.
                try? run.write(to: checkpoints, identity)
                continue
            }
            guard decision == .stop || clock.isDue(run.step) else { continue }
            try run.write(to: checkpoints, identity)
            clock.note(run.step)
            if decision == .stop {
                throw .stopped(step: run.step, checkpoint: checkpoints.path)
            }
        }
        return try run.finished()
    }

    private func step(
        _ run: TrainingRun, _ checkpoints: CheckpointFolder?
    ) throws(DictionaryError) -> [BatchFigures] {
        let losses = try run.advance()
        guard losses.allSatisfy(\.isFinite) else {
            throw .diverged(step: run.step, checkpoint: checkpoints?.newestPath)
        }
        return losses.map {
            BatchFigures(
                unexplained: $0.unexplained, activeLatents: $0.activeLatents,
                deadLatents: $0.deadLatents)
        }
    }
}
