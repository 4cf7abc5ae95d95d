import ArgumentParser
import Digests
import Explaining
import Foundation
import Inquiry
import Memory
import Statistics

struct PlantedBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planted",
        abstract: "Text features of known truth: how many are recovered, how many nulls confirmed.",
        discussion: """
            Plants features over real sentences (words, affixes, contexts, conjunctions, disjunctions, \
            negations, positions, word classes, unrelated pairs; with noise and leakage) and features that \
            fire at random, explains all of them with the rule inducer in a memory that is thrown away, and \
            compares what came out with the truth on held-out sentences.

            Example:
              conjecture benchmark planted --features 300 --nulls 300 --json
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

    private var setting: BenchmarkSetting {
        BenchmarkSetting(features: features, nulls: nulls, threads: threads)
    }

    func validate() throws { try setting.validate() }

    func run() async throws {
        try await setting.withMemory { store in
            let start = ContinuousClock.now
            let text = try String(contentsOfFile: corpus, encoding: .utf8)
            let run = try await setting.begin(store, manifest: "{\"planted\":\(seed)}")
            let study = PlantedStudy(
                texts: PlantedStudy.sentences(of: text), features: features, nulls: nulls,
                seed: seed, plan: PlantedStudy.plan, store: store, run: run)
            try await setting.carryOut(study.tasks, store: store, run: run)
            let journal = StoredJournal(store: store, run: run)
            let results = try await study.results(journal)
            let seconds = (ContinuousClock.now - start).components.seconds
            let figures = PlantedFigures(
                results, try await study.falseConfirmations(journal), seconds: Int(seconds))
            if json {
                print(try CanonicalJSON.encode(figures))
            } else {
                if each { for result in results { print(Self.line(result)) } }
                print(figures.table)
            }
        }
    }

    private static func line(_ result: PlantedStudy.Result) -> String {
        let mark =
            result.accuracy >= PlantedStudy.recoveryBar
            ? "recovered" : String(format: "%.2f     ", result.accuracy)
        return "\(mark)  \(result.class)\(result.isAmbiguous ? " (ambiguous)" : "")\n"
            + "    truth        \(result.truth)\n"
            + "    explanation  \(result.explanation ?? "none")\n"
            + "    one-shot     \(result.oneShot ?? "none")"
    }
}

/// The benchmark's figures under the names that scripts read.
struct PlantedFigures: Encodable {
    struct Rate: Encodable {
        let value: Double
        let low: Double
        let high: Double
        let count: Int

        init(_ successes: Int, of trials: Int) {
            value = trials == 0 ? 0 : Double(successes) / Double(trials)
            let interval = BinomialInterval.clopperPearson(
                successes: successes, trials: trials, level: 0.95)
            low = interval?.low ?? 0
            high = interval?.high ?? 1
            count = trials
        }

        var text: String {
            String(format: "%5.1f %% [%.1f, %.1f] of %d", 100 * value, 100 * low, 100 * high, count)
        }
    }

    struct Group: Encodable {
        let recovery: Rate
        let oneShotRecovery: Rate
        let supported: Rate
        let probesPerFeature: Double

        enum CodingKeys: String, CodingKey {
            case recovery, supported
            case oneShotRecovery = "one_shot_recovery"
            case probesPerFeature = "probes_per_feature"
        }

        init(_ results: [PlantedStudy.Result]) {
            let bar = PlantedStudy.recoveryBar
            recovery = Rate(results.count { $0.accuracy >= bar }, of: results.count)
            oneShotRecovery = Rate(results.count { $0.oneShotAccuracy >= bar }, of: results.count)
            supported = Rate(results.count(where: \.isSupported), of: results.count)
            probesPerFeature =
                Double(results.reduce(0) { $0 + $1.probes }) / Double(max(1, results.count))
        }
    }

    enum CodingKeys: String, CodingKey {
        case recovery, supported, ambiguous, classes, seconds, calls, tokens, money
        case oneShotRecovery = "one_shot_recovery"
        case falseConfirmationRate = "false_confirmation_rate"
        case probesPerFeature = "probes_per_feature"
    }

    let recovery: Rate
    let oneShotRecovery: Rate
    let supported: Rate
    let falseConfirmationRate: Rate
    let probesPerFeature: Double
    /// The features whose exemplars alone cannot tell the truth from a simpler rule.
    let ambiguous: Group
    let classes: [String: Group]
    /// Of language models, per feature: the rule inducer asks none.
    let calls = 0
    let tokens = 0
    let money = 0
    let seconds: Int

    init(_ results: [PlantedStudy.Result], _ nulls: (confirmed: Int, nulls: Int), seconds: Int) {
        let all = Group(results)
        recovery = all.recovery
        oneShotRecovery = all.oneShotRecovery
        supported = all.supported
        probesPerFeature = all.probesPerFeature
        falseConfirmationRate = Rate(nulls.confirmed, of: nulls.nulls)
        ambiguous = Group(results.filter(\.isAmbiguous))
        classes = Dictionary(grouping: results, by: \.class).mapValues(Group.init)
        self.seconds = seconds
    }

    var table: String {
        func row(_ name: String, _ group: Group) -> String {
            let padded = name.padding(toLength: 16, withPad: " ", startingAt: 0)
            return "\(padded)\(group.recovery.text)   one-shot \(group.oneShotRecovery.text)"
        }
        var lines = classes.sorted { $0.key < $1.key }.map { row($0.key, $0.value) }
        lines.append(row("ambiguous", ambiguous))
        lines.append("recovery        \(recovery.text)   one-shot \(oneShotRecovery.text)")
        lines.append("supported       \(supported.text)")
        lines.append("nulls confirmed \(falseConfirmationRate.text)")
        lines.append(
            String(format: "%.0f probes a feature, %d seconds", probesPerFeature, seconds))
        return lines.joined(separator: "\n")
    }
}
