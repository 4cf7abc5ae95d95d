import Dictionaries
import Dispatch
import Foundation
import JSON

/// What a training says, and how it is stopped.
enum TrainSAEScreen {
    /// Trains off the cooperative pool, showing how far it has come; an interrupt stops it at a checkpoint.
    static func run(
        _ training: DictionaryTraining, _ folder: CheckpointFolder
    ) async throws -> [TrainedDictionary] {
        let interruption = Interruption()
        let signals = interruption.watch()
        defer { for source in signals { source.cancel() } }
        let screen = LineScreen()
        let started = ContinuousClock.now
        let result = await DispatchQueue.global().result { () throws(DictionaryError) in
            try training.run(checkpoints: folder) { progress in
                screen.show(isLast: progress.step == progress.stepCount) {
                    progress.line(training.plans, ContinuousClock.now - started)
                }
                return interruption.isAsked ? .stop : .goOn
            }
        }
        screen.finish()
        return try result.get()
    }

    static func say(_ counts: (training: Int, heldOut: Int), _ estimate: TrainingEstimate) {
        Console.error(
            "\(counts.training) different tokens to train on, \(counts.heldOut) to measure on")
        Console.error(
            String(
                format:
                    "estimate: %.3g TFLOP at %.0f GFLOP/s; %@ for measuring and %@ for training; "
                    + "%d MB of memory beside the model, %d MB on the disk",
                estimate.flop / 1e12, estimate.flopPerSecond / 1e9,
                time(estimate.measuringSeconds), time(estimate.trainingSeconds),
                megabytes(estimate.memoryBytes), megabytes(estimate.diskBytes)))
    }

    private static func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }

    private static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: String(format: "%.0f s", max(1, seconds))
        case ..<5400: String(format: "%.0f min", seconds / 60)
        default: String(format: "%.1f h", seconds / 3600)
        }
    }

    static func report(
        _ dictionary: TrainedDictionary, at path: String, _ time: Duration, asJSON: Bool
    ) {
        let (quality, latents) = (dictionary.quality, dictionary.plan.latentCount)
        let seconds = time / .seconds(1)
        if asJSON {
            let value: JSONValue = [
                "out": .string(path),
                "hook": dictionary.origin.hookName.map { .string($0) } ?? .null,
                "latents": .integer(latents), "architecture": dictionary.plan.architecture.json,
                "live_latents": .integer(dictionary.liveLatents), "held_out": quality.json,
                "seconds": .number((seconds * 10).rounded() / 10),
            ]
            print(value.text)
            return
        }
        print("held-out tokens     \(quality.tokens)")
        print(String(format: "explained variance  %.4f", quality.explainedVariance))
        print(String(format: "mean squared error  %.6g", quality.meanSquaredError))
        print(String(format: "L0                  %.2f", quality.activeLatents))
        print(
            String(
                format:
                    "latents alive       %d of %d (%.1f %%); %d on held-out tokens, %d of them dense",
                dictionary.liveLatents, latents,
                100 * Double(dictionary.liveLatents) / Double(latents), quality.liveLatents,
                quality.denseLatents))
        print(String(format: "seconds             %.1f", seconds))
        print("dictionary          \(path)")
    }
}

extension DictionaryTraining.Progress {
    /// For people; of several dictionaries the means.
    fileprivate func line(_ plans: [TrainingPlan], _ time: Duration) -> String {
        let count = Double(dictionaries.count)
        let latents = plans.reduce(0) { $0 + $1.latentCount }
        return String(
            format: "step %d of %d  unexplained %.4f  L0 %.1f  %.1f %% dead  %.0f tokens/s", step,
            stepCount, dictionaries.reduce(0) { $0 + $1.unexplained } / count,
            dictionaries.reduce(0) { $0 + $1.activeLatents } / count,
            100 * Double(dictionaries.reduce(0) { $0 + $1.deadLatents }) / Double(latents),
            Double(newTokens) / max(1e-3, time / .seconds(1)))
    }
}
