import ArgumentParser
import Dictionaries
import Dispatch
import Exemplars
import Foundation
import JSON

struct TrainSAECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-sae",
        abstract: "Train a sparse autoencoder on a language model's activations.",
        discussion: """
            A TopK autoencoder (Gao et al. 2024), written in SAELens's layout. Files ending in .jsonl or \
            .ndjson have a JSON object a line; others are plain text, and blank lines part the documents. \
            A corpus with fewer tokens than are asked for is gone through again. A part of the documents is \
            kept from training, to measure the result. The same files, numbers and seed give the same \
            bytes.

            Example:
              conjecture train-sae models/pythia-70m --corpus corpus.jsonl \
            --hook blocks.3.hook_resid_post --latents 16384 --k 32 --tokens 20000000 --out saes/layer-3
            """)

    @Argument(help: "The model's folder, with its tokenizer.", completion: .directory)
    var model: String

    @Option(parsing: .upToNextOption, help: "Files of text.", completion: .file())
    var corpus: [String]

    @Option(help: "Where the activations are taken, for instance blocks.3.hook_resid_post.")
    var hook: String

    @Option(help: "How many latents the dictionary has.")
    var latents: Int

    @Option(help: "How many of them may be active on a token.")
    var k: Int

    @Option(help: "How many activations are trained on.")
    var tokens: Int

    @Option(
        help: ArgumentHelp("Where the dictionary goes: a new folder.", valueName: "folder"),
        completion: .directory)
    var out: String

    @Option(help: "The field of a JSON line that holds the text.")
    var field = "text"

    @Option(help: "Activations of a step.")
    var batch = 1024

    @Option(help: "Adam's greatest step. Default: 2e-4 · √(16384 / latents).")
    var learningRate: Double?

    @Option(help: "Tokens of a context.")
    var contextLength = 128

    @Option(help: "The share of documents that are kept from training.")
    var heldOut = 0.1

    @Option(help: "Decides every random choice.")
    var seed: UInt64 = 1

    @Option(help: "Threads. They change no result.")
    var threads = 2

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads \(threads): give a number from 1 to 256.")
        }
    }

    func run() async throws {
        try TrainedDictionary.check(isFree: out)
        let started = ContinuousClock.now
        let training = try DictionaryTraining(
            model: model, hook: hook, corpus: Corpus(paths: corpus, field: field),
            plan: TrainingPlan(
                latentCount: latents, architecture: .topK(k: k), tokens: tokens, batchSize: batch,
                learningRate: learningRate, contextLength: contextLength, heldOutShare: heldOut,
                seed: seed), threads: threads)
        let counts = training.tokenCounts
        Console.error(
            "\(counts.training) different tokens to train on, \(counts.heldOut) to measure on")
        let interruption = Interruption()
        let signals = interruption.watch()
        defer { for source in signals { source.cancel() } }
        let screen = LineScreen()
        let result = await DispatchQueue.global().result { () throws(DictionaryError) in
            try training.run { progress in
                screen.show(isLast: progress.step == progress.stepCount) {
                    progress.line(ContinuousClock.now - started)
                }
                return interruption.isAsked ? .stop : .goOn
            }
        }
        screen.finish()
        do {
            let dictionary = try result.get()
            try dictionary.write(to: out)
            report(dictionary, ContinuousClock.now - started)
        } catch DictionaryError.stopped(let step) {
            Console.error("\(DictionaryError.stopped(step: step))")
            throw ExitStatus.interrupted
        }
    }

    private func report(_ dictionary: TrainedDictionary, _ time: Duration) {
        let quality = dictionary.quality
        let seconds = time / .seconds(1)
        if json {
            let value: JSONValue = [
                "out": .string(out), "hook": .string(dictionary.origin.hookName ?? hook),
                "latents": .integer(latents), "k": .integer(k),
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
        print("dictionary          \(out)")
    }
}

extension DictionaryTraining.Progress {
    fileprivate func line(_ time: Duration) -> String {
        String(
            format: "step %d of %d  unexplained %.4f  %d dead  %.0f tokens/s", step, stepCount,
            unexplained, deadLatents, Double(tokens) / (time / .seconds(1)))
    }
}
