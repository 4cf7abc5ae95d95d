import ArgumentParser
import Dictionaries
import Dispatch
import Foundation
import JSON
import Statistics
import Subjects

struct EvaluateSAECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate-sae",
        abstract: "Measure sparse autoencoders against known properties of what they read.",
        discussion: """
            Explained variance in its several definitions, sparsity, how much of the model's loss is left \
            when the reconstruction stands in the place of the activations; coverage and reconstruction of \
            properties (Karvonen et al. 2024), beside a linear probe (the ceiling), the properties of other \
            rows, and always saying yes. --floor adds an autoencoder of the model with random weights. \
            Intervals are by resampling games. A definition of every figure is in the JSON.

            Example:
              conjecture evaluate-sae Examples/othello Examples/othello/sae --games 2000 --out figures.json
            """)

    @Argument(help: "The model's folder.", completion: .directory)
    var subject: String

    @Argument(
        help: "Autoencoders, as they were published. Default: sae in the model's folder.",
        completion: .directory)
    var saes: [String] = []

    @Option(help: "Random games: half to choose latents on, half to measure on.")
    var games = 2000

    @Option(
        help: ArgumentHelp(
            "Who mine and theirs are: mover, or reference as in the published code, which goes by the "
                + "number of moves.", valueName: "rule"))
    var perspective = "mover"

    @Option(
        help: ArgumentHelp(
            "The properties: board (mine and theirs of every square) or all.", valueName: "which"))
    var properties = "board"

    @Option(
        help: ArgumentHelp(
            "An autoencoder that was trained on the model with random weights.", valueName: "sae"),
        completion: .directory)
    var floor: String?

    @Option(help: "The seed of those weights.")
    var floorModelSeed: UInt64 = 1

    @Flag(inversion: .prefixedNo, help: "Fit a linear probe of every property.")
    var probe = true

    @Option(help: "Decides the games and the resampling.")
    var seed: UInt64 = 1

    @Option(help: "Threads. They change no result.")
    var threads = 2

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp("Write the JSON object to a file too.", valueName: "file"),
        completion: .file())
    var out: String?

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads \(threads): give a number from 1 to 256.")
        }
        guard (4...1_000_000).contains(games) else {
            throw ValidationError("--games \(games): give a number from 4 to 1000000.")
        }
        guard OthelloMaterial.Perspective(rawValue: perspective) != nil else {
            throw ValidationError("--perspective \(perspective): write mover or reference.")
        }
        guard OthelloMaterial.Catalogue(rawValue: properties) != nil else {
            throw ValidationError("--properties \(properties): write board or all.")
        }
    }

    func run() async throws {
        let started = ContinuousClock.now
        let report = try await DispatchQueue.global().result { () throws(EvaluationError) in
            try measure()
        }.get()
        if let out {
            try Data((report.json.text + "\n").utf8).write(to: URL(fileURLWithPath: out))
        }
        if json {
            print(report.json.text)
            return
        }
        print(report.table)
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        Console.error(String(format: "%.1f s", seconds))
    }

    private func measure() throws(EvaluationError) -> EvaluationReport {
        let model: GPT2
        var dictionaries: [SparseAutoencoder] = []
        do throws(SubjectError) {
            model = try GPT2(folder: subject)
            for path in saes.isEmpty ? [subject + "/sae"] : saes {
                dictionaries.append(try PublishedAutoencoder(path: path).autoencoder)
            }
        } catch {
            throw .subject(error)
        }
        let evaluation = try evaluation(of: model, dictionaries[0])
        var results: [EvaluatedDictionary] = []
        for dictionary in dictionaries { results.append(try evaluation.measure(dictionary)) }
        return EvaluationReport(evaluation, results, floor: try measuredFloor(model))
    }

    private func measuredFloor(_ model: GPT2) throws(EvaluationError) -> EvaluatedDictionary? {
        guard let floor else { return nil }
        let dictionary: SparseAutoencoder
        do throws(SubjectError) {
            dictionary = try PublishedAutoencoder(path: floor).autoencoder
        } catch {
            throw .subject(error)
        }
        return try evaluation(of: model.randomWeights(seed: floorModelSeed), dictionary)
            .measure(dictionary)
    }

    private func evaluation(
        of model: GPT2, _ dictionary: SparseAutoencoder
    ) throws(EvaluationError) -> DictionaryEvaluation {
        var plan = OthelloMaterial.Plan()
        plan.games = games
        plan.seed = seed
        plan.perspective = OthelloMaterial.Perspective(rawValue: perspective) ?? .mover
        plan.catalogue = OthelloMaterial.Catalogue(rawValue: properties) ?? .board
        var settings = DictionaryEvaluation.Settings(threads: threads)
        settings.resampling.seed = seed
        let hook: HookPoint
        do throws(SubjectError) {
            hook = try dictionary.check(fits: model)
        } catch {
            throw .subject(error)
        }
        return try DictionaryEvaluation(
            othello: model, hook: hook, plan: plan, settings: settings,
            probe: probe ? LinearProbe.Settings() : nil)
    }
}

extension EvaluationReport {
    /// A row for each figure, a column for each dictionary.
    fileprivate var table: String {
        let columns = dictionaries + (floor.map { [$0] } ?? [])
        let names =
            dictionaries.map { URL(fileURLWithPath: $0.name).lastPathComponent }
            + (floor == nil ? [] : ["floor"])
        var rows = [[""] + names]
        for figure in figures {
            rows.append(
                [figure.rawValue]
                    + columns.map { column in column[figure].map(Self.cell) ?? "" })
        }
        let widths = rows[0].indices.map { place in rows.map { $0[place].count }.max() ?? 0 }
        let lines =
            ["\(place): \(testRows) rows of \(testGroups) groups, \(properties.counted) properties"]
            + rows.map { row in
                zip(row, widths).map {
                    $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0)
                }.joined()
            }
        return lines.map { $0.replacing(#/ +$/#, with: "") }.joined(separator: "\n")
    }

    private static func cell(_ estimate: Estimate) -> String {
        let value = String(format: "%.4f", estimate.value)
        guard let interval = estimate.interval else { return value }
        return value + String(format: " (%.4f to %.4f)", interval.low, interval.high)
    }
}
