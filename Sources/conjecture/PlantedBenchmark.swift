import ArgumentParser
import Digests
import Explaining
import Foundation
import Inquiry
import Memory

struct PlantedBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planted",
        abstract: "Text features of known truth: how many are recovered, how many nulls confirmed.",
        discussion: """
            Plants features over real sentences (words, affixes, contexts, conjunctions, disjunctions, \
            negations, positions, word classes, unrelated pairs; with noise and leakage) and features that \
            fire at random, explains all of them with the rule inducer in a memory that is thrown away, and \
            compares what came out with the truth.

            Recovered means a balanced accuracy of at least 0.95 against the planted rule twice: on \
            held-out sentences, and on held-out sentences edited so that the truth parts from what goes \
            with it (one part broken, all else replaced, a companion without the cause). No inquiry has \
            seen any of them.

            With --model a language model proposes in the rule inducer's place, on the same features, and \
            the inducer's figures stand beside ("inducer"). It is asked for a one-shot of its own from what \
            the inducer's sees. Calls are kept in --memory: the same command goes on with a benchmark that \
            was interrupted, and asks nothing again that was answered. calls, tokens and money are per \
            feature.

            Each explanation has two controls from the same proposer. one_shot: exemplars (the strongest \
            and random ones, 40 in all) and as many random silent sentences, no probes. \
            first_hypothesis: also silent sentences with the very words that fire elsewhere and 600 random \
            ones, no probes. Features are ambiguous when another rule that is no more complex fits 39 of \
            40 exemplars and 39 of 40 random sentences, and entangled when another rule holds on nearly \
            the same sentences of the whole corpus.

            Example:
              conjecture benchmark planted --features 300 --nulls 300 --json
              conjecture benchmark planted --features 27 --nulls 27 --model openai:gpt-5 --price 1.25/10 \
                --max-cost 20 --json
            """)

    @Option(help: "A text file.", completion: .file())
    var corpus = "Examples/text/jane-eyre.txt"

    @Option(help: "Planted features, evenly over the classes.")
    var features = 300

    @Option(help: "Features that fire at random.")
    var nulls = 300

    @Option(help: "Decides every random choice.")
    var seed: UInt64 = 1

    @Option(help: "Inquiries under way at once.")
    var threads = 2

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print each planted feature with its truth and its explanation too.")
    var each = false

    @Option(
        help: ArgumentHelp(
            "Where the calls of --model are kept; an inducer's benchmark keeps nothing.",
            valueName: "file"))
    var memory = "conjecture-runs/planted.sqlite"

    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    private var setting: BenchmarkSetting {
        BenchmarkSetting(features: features, nulls: nulls, threads: threads)
    }

    func validate() throws { try setting.validate() }

    func run() async throws {
        let text = try String(contentsOfFile: corpus, encoding: .utf8)
        let texts = PlantedStudy.sentences(of: text)
        guard model.model != nil else {
            let figures = try await inducerFigures(texts)
            print(json ? try CanonicalJSON.encode(figures) : figures.table)
            return
        }
        let start = ContinuousClock.now
        let store = try Store(path: memory)
        let outcome = try await ConsultedPlantedBenchmark(
            texts: texts, seed: seed, setting: setting, path: memory, store: store,
            session: ModelSession(options: model, observation: observation, store: store)
        ).outcome()
        if each, !json { for result in outcome.results { print(Self.line(result)) } }
        let comparison = PlantedComparison(
            model: outcome.model,
            figures: PlantedFigures(outcome.results, outcome.nulls, seconds: Self.seconds(start)),
            inducer: try await inducerFigures(texts))
        print(json ? try CanonicalJSON.encode(comparison) : comparison.table)
    }

    /// In a memory that is thrown away.
    private func inducerFigures(_ texts: [String]) async throws -> PlantedFigures {
        let start = ContinuousClock.now
        return try await setting.withMemory { store in
            let run = try await setting.begin(store, manifest: "{\"planted\":\(seed)}")
            let study = PlantedStudy(
                texts: texts, features: features, nulls: nulls, seed: seed,
                plan: PlantedStudy.plan, store: store, run: run)
            try await setting.carryOut(study.tasks, store: store, run: run)
            let journal = StoredJournal(store: store, run: run)
            let results = try await study.results(journal, concurrency: threads)
            if each, !json { for result in results { print(Self.line(result)) } }
            return PlantedFigures(
                results, try await study.nulls(journal), seconds: Self.seconds(start))
        }
    }

    private static func seconds(_ start: ContinuousClock.Instant) -> Int {
        Int((ContinuousClock.now - start).components.seconds)
    }

    private static func line(_ result: PlantedStudy.Result) -> String {
        let marks = [(result.isAmbiguous, " (ambiguous)"), (result.isEntangled, " (entangled)")]
        var lines = [
            "\(result.feature)  \(result.class)\(marks.filter(\.0).map(\.1).joined())",
            "    \("truth".padded(to: 30))\(result.truth)",
        ]
        lines += result.alternatives.map { "    \("beside it".padded(to: 30))\($0)" }
        for source in PlantedStudy.Source.allCases {
            guard let answer = result.answers[source] else { continue }
            let figures = String(format: "%.2f %.2f", answer.accuracy, answer.contrastAccuracy)
            let mark = answer.isRecovered ? "=" : " "
            lines.append(
                "    \(source.rawValue.padded(to: 18))\(figures) \(mark) \(answer.formula ?? "none")"
            )
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// With blanks at its end up to a length.
    func padded(to length: Int) -> String {
        padding(toLength: max(length, count), withPad: " ", startingAt: 0)
    }
}
