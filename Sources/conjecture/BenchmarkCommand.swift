import ArgumentParser
import Digests
import Explaining
import Foundation
import Inquiry
import Memory
import Reporting
import Statistics

struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure Conjecture itself, against controls and truths that are known.",
        subcommands: [
            OthelloBenchmark.self, MiningBenchmark.self, PlantedBenchmark.self, SageBenchmark.self,
        ])
}

struct OthelloBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "othello",
        abstract:
            "Active probing against the one-shot, and false confirmations on shuffled features.",
        discussion: """
            Explains random live features and as many shuffled ones as asked for, in a memory of its own \
            that is thrown away, and prints the figures.

            Example:
              conjecture benchmark othello --features 100 --nulls 200 --json
            """)

    @Argument(help: "A model's folder, with its autoencoder in sae.", completion: .directory)
    var model = "Examples/othello"

    @Option(help: "Random live features.")
    var features = 100

    @Option(help: "Shuffled features.")
    var nulls = 200

    @Option(help: "Decides every random choice.")
    var seed: UInt64 = 1

    @Option(help: "Games in the propose, tune and held-out splits together.")
    var games = 6_000

    @Option(help: "Threads for measuring, and inquiries under way at once.")
    var threads = 2

    @Flag(help: "Print one JSON object.")
    var json = false

    private var setting: BenchmarkSetting {
        BenchmarkSetting(features: features, nulls: nulls, threads: threads)
    }

    func validate() throws { try setting.validate() }

    func run() async throws {
        try await setting.withMemory { store in
            let start = ContinuousClock.now
            let subject = try OthelloSubject(
                model: model, autoencoder: model + "/sae", threads: threads)
            let manifest = ExplainManifest(
                subject: subject.reference, request: .random(features), seed: seed, games: games,
                plan: InquiryPlan(), controls: .init(shuffled: nulls, directions: 0),
                experience: [])
            let run = try await setting.begin(store, manifest: CanonicalJSON.encode(manifest))
            let study = try await ExplainStudy.prepare(
                manifest: manifest, instrument: subject, store: store, run: run)
            try await setting.carryOut(study.tasks, store: store, run: run)
            let record = try await ExplainStudy.record(store: store, run: run)
            let seconds = Double((ContinuousClock.now - start).components.seconds)
            if json {
                print(
                    try CanonicalJSON.encode(OthelloFigures(RunSummary(record), seconds: seconds)))
            } else {
                print(SummaryTable(record).text)
                print("seconds \(Int(seconds))")
            }
        }
    }
}

/// The benchmark's figures under the names that scripts read.
private struct OthelloFigures: Encodable {
    struct Range: Encodable {
        let low: Double?
        let high: Double?
        let mean: Double?
        let value: Double?

        init(mean: Estimate?) {
            low = mean?.interval?.low
            high = mean?.interval?.high
            self.mean = mean?.value
            value = nil
        }

        init(value: Estimate?) {
            low = value?.interval?.low
            high = value?.interval?.high
            self.value = value?.value
            mean = nil
        }
    }

    enum CodingKeys: String, CodingKey {
        case features, explained, gain, supported, nulls, seconds
        case oneShot = "one_shot"
        case explanation
        case supportedAt085 = "supported_at_085"
        case falseConfirmationRate = "false_confirmation_rate"
    }

    let features: Int
    let explained: Int
    let explanation: Range
    let oneShot: Range
    let gain: Range
    let supported: Int
    let supportedAt085: Int
    let nulls: Int
    let falseConfirmationRate: Range
    let seconds: Double

    init(_ summary: RunSummary, seconds: Double) {
        features = summary.explained + summary.stopped
        explained = summary.explained
        explanation = Range(mean: summary.explanation)
        oneShot = Range(mean: summary.oneShot)
        gain = Range(mean: summary.gain)
        supported = summary.supported
        supportedAt085 = summary.supportedAt085
        nulls = summary.shuffled.inquiries
        falseConfirmationRate = Range(value: summary.shuffled.rate)
        self.seconds = seconds
    }
}
