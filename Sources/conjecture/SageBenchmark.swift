import ArgumentParser
import Consulting
import Digests
import Explaining
import Foundation
import HTTP
import Inquiry
import LanguageModels
import Memory
import Prompts

struct SageBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sage",
        abstract: "SAGE's loop and ours beside each other, on text features of known truth.",
        discussion: """
            Plants features and nulls as `benchmark planted` does and explains all of them with SAGE's loop \
            (Han et al. 2025, reproduced from a description: one growing chat, absolute thresholds, statuses \
            set by the model), with the explainer's first answer alone (one-shot), and with our own loop, each \
            with the same model, in a memory that is thrown away.

            Without --model the model is scripted: it answers as the rule inducer would that had read the \
            request and nothing else, and counts a token for every 4 bytes sent and received. A real \
            model's explanation is scored by the formula that it ends with; one without is left out of \
            its recovery and counted as unscored.

            Example:
              conjecture benchmark sage --features 27 --nulls 27 --json
            """)

    enum Mode: String, CaseIterable, ExpressibleByArgument {
        case sage, ours, oneShot = "one-shot", all
    }

    @Option(help: "A text file.", completion: .file())
    var corpus = "Examples/text/jane-eyre.txt"

    @Option(help: "Planted features, evenly over the classes.")
    var features = 27

    @Option(help: "Features that fire at random.")
    var nulls = 27

    @Option(help: "Decides every random choice.")
    var seed: UInt64 = 1

    @Option(help: "Inquiries under way at once.")
    var threads = 2

    @Option(help: "What to run: sage, ours, one-shot, or all.")
    var mode = Mode.all

    @Flag(help: "A scripted model confirms nothing in SAGE's loop that a test contradicts.")
    var careful = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print each planted feature with its truth and its explanations too.")
    var each = false

    @OptionGroup var options: ModelOptions
    @OptionGroup var observation: ObservationOptions

    private var setting: BenchmarkSetting {
        BenchmarkSetting(features: features, nulls: nulls, threads: threads)
    }

    func validate() throws { try setting.validate() }

    func run() async throws {
        try await setting.withMemory { store in
            let text = try String(contentsOfFile: corpus, encoding: .utf8)
            let texts = PlantedStudy.sentences(of: text)
            var figures = SageFigures(
                features: features, nulls: nulls, model: options.model ?? "scripted")
            for mode in Mode.allCases where mode != .all && [mode, .all].contains(self.mode) {
                let start = ContinuousClock.now
                var column = try await column(mode, texts, store)
                column.seconds = Int((ContinuousClock.now - start).components.seconds)
                figures.columns[mode.rawValue] = column
            }
            print(json ? try CanonicalJSON.encode(figures) : figures.table)
        }
    }

    private func column(
        _ mode: Mode, _ texts: [String], _ store: Store
    ) async throws -> SageFigures.Column {
        let run = try await setting.begin(store, manifest: "{\"\(mode.rawValue)\":\(seed)}")
        let (model, form) = try await model(store, run)
        let meter = MeteredModel(model)
        let sage = SagePlantedStudy.Mode(rawValue: mode.rawValue)
        let study = PlantedStudy(
            texts: texts, features: features, nulls: nulls, seed: seed, plan: PlantedStudy.plan,
            store: store, run: run,
            consulted: ConsultedModel(model: meter, prompts: try prompts), form: form)
        guard let sage else {
            try await setting.carryOut(study.tasks, store: store, run: run)
            let journal = StoredJournal(store: store, run: run)
            let results = try await study.results(journal)
            if each { for result in results { print(Self.line(result)) } }
            return SageFigures.Column(
                results, nulls: try await study.nulls(journal), spent: meter.total)
        }
        let results = try await SagePlantedStudy(of: study, model: meter)
            .results(sage, concurrency: threads)
        if each { for result in results where result.truth != nil { print(Self.line(result)) } }
        return SageFigures.Column(results, testing: sage == .loop)
    }

    private var prompts: PromptSet {
        get throws { try options.prompts.map { try PromptSet(overlay: $0) } ?? PromptSet() }
    }

    /// The model with its replies kept in the run's memory, and how it takes a schema.
    private func model(
        _ store: Store, _ run: String
    ) async throws -> (any LanguageModel, SchemaForm) {
        let ledger = StoredCalls(store: store, run: run)
        guard let word = options.model, word != "scripted" else {
            let scripted = ScriptedModel(reading: careful ? .careful : .literal)
            let journaled = JournaledModel(scripted, ledger: ledger, price: nil)
            return (CachedModel(journaled, ledger: ledger), .native)
        }
        let specification = try options.specification(word)
        let stack = ModelStack(
            client: try HTTPClient(), gates: HostGates(), ledger: ledger,
            budget: Budget(caps: options.caps.caps), tracer: nil,
            logger: observation.logger)
        let model = try await stack.model(specification)
        if let form = specification.schemaForm { return (model, form) }
        return (model, try await SchemaProbe.run(model, inquiry: run, sample: 1).form)
    }

    private static func line(_ result: PlantedStudy.Result) -> String {
        "\(result.feature)\n    truth        \(result.truth)\n"
            + "    ours         \(text(result.answers[.inquiry]))\n"
            + "    first        \(text(result.answers[.firstHypothesis]))"
    }

    private static func line(_ result: SagePlantedStudy.Result) -> String {
        "\(result.feature)\n    truth        \(result.truth ?? "none")\n"
            + "    explanation  \(text(result.answer?.score))\n"
            + "    first        \(text(result.firstAnswer?.score))"
    }

    private static func text(_ answer: PlantedStudy.Answer?) -> String {
        guard let answer, let formula = answer.formula else { return "none" }
        return String(format: "%.2f, edited %.2f  ", answer.accuracy, answer.contrastAccuracy)
            + formula
    }
}
