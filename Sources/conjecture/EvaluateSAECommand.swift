import ArgumentParser
import Dictionaries
import Dispatch
import Foundation
import JSON
import Subjects

struct EvaluateSAECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-sae",
        abstract: "Measure sparse autoencoders against known properties of what they read.",
        discussion: """
            Explained variance in its several definitions, sparsity, how much of the model's loss is left \
            when the reconstruction stands in the place of the activations; coverage and reconstruction of \
            properties (Karvonen et al. 2024), sparse probing, absorption and targeted perturbation (after \
            SAEBench), beside a linear probe (the ceiling), the properties of other rows, and always \
            saying yes. --floor adds an autoencoder of the model with random weights. Intervals are by \
            resampling games or documents. The JSON has a definition of every figure.

            Without --corpus, --pgn or --activations the model plays Othello, and boards are its properties. With \
            --activations there is no model: all arguments are autoencoders.

            Examples:
              conjecture evaluate-sae Examples/othello Examples/othello/sae --games 2000 --out figures.json
              conjecture evaluate-sae Examples/stories Examples/stories/sae --corpus stories.txt
              conjecture evaluate-sae my-sae --activations x.npy --labels labels.csv --groups document
            """)

    @Argument(
        help: ArgumentHelp(
            "The model's folder and autoencoders, as they were published. Default: sae in the model's "
                + "folder.", valueName: "subject-and-saes"), completion: .directory)
    var paths: [String]

    @OptionGroup var rows: EvaluationOptions

    @Option(
        help: ArgumentHelp(
            "An autoencoder that was trained on the Othello model with random weights.",
            valueName: "sae"), completion: .directory)
    var floor: String?

    @Option(help: "The seed of those weights.")
    var floorModelSeed: UInt64 = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp("Write the JSON object to a file too.", valueName: "file"),
        completion: .file())
    var out: String?

    func validate() throws {
        if floor != nil, rows.activations != nil || !rows.corpus.isEmpty {
            throw ValidationError("--floor: the model must be one that plays Othello or chess.")
        }
    }

    func run() async throws {
        let started = ContinuousClock.now
        let report = try await DispatchQueue.global().result { () throws(EvaluationError) in
            try measure()
        }.get()
        print(json ? report.json.text : report.table)
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        if !json { Console.error(String(format: "%.1f s", seconds)) }
        if let out {
            try Data((report.json.text + "\n").utf8).write(to: URL(fileURLWithPath: out))
        }
    }

    private func measure() throws(EvaluationError) -> EvaluationReport {
        let model = rows.activations == nil ? paths[0] : nil
        let named = model == nil ? paths : Array(paths.dropFirst())
        var dictionaries: [SparseAutoencoder] = []
        for path in model == nil || !named.isEmpty ? named : [paths[0] + "/sae"] {
            dictionaries.append(try Self.dictionary(path))
        }
        let evaluation = try rows.evaluation(model: model, dictionaries[0])
        var results: [EvaluatedDictionary] = []
        for dictionary in dictionaries { results.append(try evaluation.measure(dictionary)) }
        return EvaluationReport(evaluation, results, floor: try measuredFloor())
    }

    private func measuredFloor() throws(EvaluationError) -> EvaluatedDictionary? {
        guard let floor else { return nil }
        let dictionary = try Self.dictionary(floor)
        return try rows.evaluation(
            model: paths[0], dictionary, randomWeights: floorModelSeed
        ).measure(dictionary)
    }

    private static func dictionary(_ path: String) throws(EvaluationError) -> SparseAutoencoder {
        do throws(SubjectError) {
            return try PublishedAutoencoder(path: path).autoencoder
        } catch {
            throw .subject(error)
        }
    }
}
