import ArgumentParser
import Dictionaries
import Dispatch
import Foundation

struct TrainSAECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-sae",
        abstract: "Train a sparse autoencoder on a model's activations.",
        discussion: """
            Activations come from a language model on texts (--corpus), from a model that plays Othello on \
            random games (--games), or from a file (--activations). Files of text ending in .jsonl or \
            .ndjson have a JSON object a line; others are plain text, and blank lines part the documents. \
            What is too little for the tokens that are asked for is gone through again. A part is kept from \
            training, to measure the result. The same files, numbers and seed give the same bytes.

            While it trains, checkpoints lie beside the result in a folder that ends in .partial. After an \
            interruption of any kind the same command with --resume goes on, and ends with the same bytes.

            Examples:
              conjecture train-sae models/pythia-70m --corpus corpus.jsonl \
            --hook blocks.3.hook_resid_post --latents 16384 --k 32 --tokens 20000000 --out saes/layer-3
              conjecture train-sae Examples/othello --games 20000 --hook blocks.3.hook_resid_post \
            --latents 1024 --k 24 --tokens 4000000 --out saes/othello
              conjecture train-sae Examples/othello --games 20000 --hook blocks.3.hook_resid_post \
            --latents 1024 --sweep topk:8,16,32 standard:0.02,0.04 --tokens 1000000 --out sweep
            """)

    @Argument(
        help: "The model's folder, with its tokenizer for texts. Not needed with --activations.",
        completion: .directory)
    var model: String?

    @OptionGroup(title: "Activations") var activations: ActivationOptions
    @OptionGroup(title: "Stream") var stream: StreamOptions
    @OptionGroup(title: "Dictionary") var dictionary: ArchitectureOptions

    @Option(
        help: ArgumentHelp("Where the dictionary goes: a new folder.", valueName: "folder"),
        completion: .directory)
    var out: String

    @Option(help: "The layout of the folder: sae-lens or dictionary-learning.")
    var format = TrainedDictionary.Layout.saeLens

    @Option(
        help: ArgumentHelp(
            "Keep a checkpoint every so many steps. Default: every ten minutes.",
            valueName: "steps"))
    var checkpointEvery: Int?

    @Flag(help: "Go on with a training that was interrupted, if there is one.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "With --sweep and --games: random games that the dictionaries are compared on.",
            valueName: "games"))
    var evaluationGames = 2000

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "With --sweep and --corpus: texts that the dictionaries are compared on, which must not be "
                + "in the corpus.", valueName: "file"), completion: .file())
    var evaluationCorpus: [String] = []

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
        if let checkpointEvery, checkpointEvery < 1 {
            throw ValidationError("--checkpoint-every \(checkpointEvery): give 1 or more steps.")
        }
        guard
            dictionary.sweep.isEmpty || activations.games != nil
                || !(activations.corpus.isEmpty || evaluationCorpus.isEmpty)
        else {
            throw ValidationError(
                "--sweep compares on games or texts: give --games, or --corpus and --evaluation-corpus."
            )
        }
        if dictionary.sweep.isEmpty {
            guard evaluationCorpus.isEmpty else {
                throw ValidationError("--evaluation-corpus goes with --sweep.")
            }
        } else {
            try checkSweep()
        }
        guard model != nil || activations.activations != nil else {
            throw ValidationError("Name the model's folder.")
        }
    }

    private func checkSweep() throws {
        guard activations.randomModel == nil else {
            throw ValidationError(
                "--random-model: a sweep trains its floor on random weights by itself; leave it out."
            )
        }
        let standard = evaluationCorpus.map { URL(fileURLWithPath: $0).standardizedFileURL }
        for path in activations.corpus
        where standard.contains(URL(fileURLWithPath: path).standardizedFileURL) {
            throw ValidationError(
                "--evaluation-corpus: \(path) is trained on; name texts that are not in the corpus."
            )
        }
        guard format == .saeLens || activations.hook?.hasSuffix("hook_resid_post") ?? false else {
            throw ValidationError(
                "--format dictionary-learning cannot say where \(activations.hook ?? "") is, so that the "
                    + "sweep could not be measured: leave it out.")
        }
    }

    func run() async throws {
        guard dictionary.sweep.isEmpty else { return try await sweep() }
        try TrainedDictionary.check(isFree: out)
        let started = ContinuousClock.now
        let plan = try plan(dictionary.chosen())
        let training = try DictionaryTraining(
            source: activations.source(model: model, plan: plan, threads: threads), plans: [plan])
        let folder = try CheckpointFolder(
            path: CheckpointFolder.path(for: out),
            interval: checkpointEvery.map { .steps($0) } ?? .usual, resumes: resume)
        defer { folder.removeIfEmpty() }
        TrainSAEScreen.say(training.tokenCounts, try training.estimate())
        do {
            for dictionary in try await TrainSAEScreen.run(training, folder) {
                try dictionary.write(to: out, as: format)
                TrainSAEScreen.report(
                    dictionary, at: out, ContinuousClock.now - started, asJSON: json)
            }
            folder.remove()
        } catch DictionaryError.stopped(let step, let checkpoint) {
            Console.error("\(DictionaryError.stopped(step: step, checkpoint: checkpoint))")
            throw ExitStatus.interrupted
        }
    }

    private func sweep() async throws {
        let base = try plan(.topK(k: 1))
        let driver = SweepDriver(
            model: model, activations: activations, series: try dictionary.swept(base: base),
            out: out, format: format, interval: checkpointEvery.map { .steps($0) } ?? .usual,
            resumes: resume,
            evaluation: try EvaluationOptions.parse(comparison), threads: threads, json: json)
        try await driver.run()
    }

    /// What the dictionaries of a sweep are compared on, as `evaluate-sae` would be told.
    private var comparison: [String] {
        let rows =
            activations.games == nil
            ? ["--corpus"] + evaluationCorpus + ["--field", activations.field]
                + ["--context-length", "\(stream.contextLength)"]
            : ["--games", "\(evaluationGames)"]
        return rows + ["--seed", "\(seed)", "--threads", "\(threads)"]
    }

    private func plan(_ architecture: TrainingArchitecture) throws -> TrainingPlan {
        var plan = TrainingPlan(
            latentCount: dictionary.latents, architecture: architecture,
            tokens: stream.tokens, batchSize: stream.batch,
            learningRate: dictionary.learningRate, contextLength: stream.contextLength,
            heldOutShare: stream.heldOut, seed: seed)
        try stream.apply(to: &plan)
        dictionary.apply(to: &plan)
        return plan
    }
}
