import ArgumentParser
import Digests
import Foundation
import Inquiry
import LinearAlgebra
import Mining
import Reporting
import Statistics

struct MiningBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mining",
        abstract: "Features of known truth, and pure noise: what is found, and what is made up.",
        discussion: """
            For each seed 2,000 texts are written whose target is driven by six of the built-in statistics \
            with known strengths and by the length; the other statistics are decoys. A planted feature is \
            found when something with which its rank correlation is at least 0.7 is; what is found is right \
            when its multiple rank correlation with all that was planted is at least 0.7. recall, precision \
            and fdr are of what a run of `mine` confirms of its first proposals at a false-discovery rate of \
            0.1, means over the seeds; the figures of AutoQual's published criterion, which fits on one part \
            and maximises on the other, are from the same values. On pure noise (2,000 rows, 60 features) noise_reported is the \
            score that we report and noise_reported_autoqual what that criterion reports.

            With --write the texts of the first seed are written as rows instead, to try `mine` on.

            Examples:
              conjecture benchmark mining --seeds 100 --json
              conjecture benchmark mining --write reviews.jsonl
            """)

    @Option(help: "Seeds, from 1.")
    var seeds = 100

    @Option(help: "Seeds under way at once. It changes no result.")
    var threads = 2

    @Option(
        help: ArgumentHelp("Write made-up rows to a file, and measure nothing.", valueName: "file"))
    var write: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(seeds) else {
            throw ValidationError("--seeds \(seeds): give a number from 1 to 10000.")
        }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads \(threads): give a number from 1 to 256.")
        }
    }

    func run() async throws {
        if let write { return try writeRows(to: write) }
        let start = ContinuousClock.now
        let numbers = (1...seeds).map(UInt64.init)
        let trials = try await numbers.concurrentMap(limit: threads) { seed in
            let trial = try await MiningTrial(seed: seed)
            Console.error("seed \(seed): \(trial.line)")
            return trial
        }
        let noise = try await numbers.concurrentMap(limit: threads) { try NoiseTrial(seed: $0) }
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        let figures = MiningFigures(trials, noise, seconds: seconds)
        print(json ? try CanonicalJSON.encode(figures) : figures.text)
    }

    private func writeRows(to path: String) throws {
        struct Line: Encodable {
            let text: String
            let helpful: Double
        }
        let reviews = try PlantedReviews(seed: 1)
        let lines = try zip(reviews.rows.texts, reviews.rows.target).map { text, target in
            try CanonicalJSON.encode(Line(text: text, helpful: (target * 1_000).rounded() / 1_000))
        }
        do {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(
                to: URL(fileURLWithPath: path))
        } catch {
            throw ReportError.notWritten(path: path, reason: error.localizedDescription)
        }
        print(
            "\(lines.count) rows in \(path); what drives helpful: the length, "
                + reviews.planted.joined(separator: ", "))
    }
}

extension MiningTrial {
    fileprivate var line: String {
        "\(ours.found) confirmed, recall \(Format.number(ours.recall, digits: 2)), precision "
            + (ours.precision.map { Format.number($0, digits: 2) } ?? "–")
    }
}

/// What the benchmark comes to.
private struct MiningFigures: Encodable {
    let seeds: Int
    let recall: Estimate?
    let precision: Estimate?
    /// The mean share of what is confirmed that was not planted; 0 where nothing is confirmed.
    let fdr: Estimate?
    let recall_autoqual: Estimate?
    let precision_autoqual: Estimate?
    /// The share of seeds whose interval covers the score on unseen rows of the same truth.
    let coverage: Double
    let noise_reported: Estimate?
    /// The share of seeds whose interval covers 0.
    let noise_covers_zero: Double
    let noise_features: Double
    let noise_reported_autoqual: Estimate?
    let seconds: Double

    init(_ trials: [MiningTrial], _ noise: [NoiseTrial], seconds: Double) {
        func mean(_ values: [Double]) -> Estimate? {
            var generator = SeededGenerator(seed: 1)
            return Bootstrap.meanInterval(
                values, replicates: 2_000, level: 0.95, generator: &generator)
        }
        let count = Double(max(1, trials.count))
        seeds = trials.count
        recall = mean(trials.map(\.ours.recall))
        precision = mean(trials.compactMap(\.ours.precision))
        fdr = mean(trials.map { 1 - ($0.ours.precision ?? 1) })
        recall_autoqual = mean(trials.map(\.autoqual.recall))
        precision_autoqual = mean(trials.compactMap(\.autoqual.precision))
        coverage = Double(trials.count(where: \.coversTruth)) / count
        noise_reported = mean(noise.map(\.ours))
        noise_covers_zero = Double(noise.count(where: \.coversZero)) / count
        noise_features = noise.reduce(0) { $0 + Double($1.chosen) } / count
        noise_reported_autoqual = mean(noise.map(\.autoqual))
        self.seconds = seconds
    }

    var text: String {
        func line(_ name: String, _ value: Estimate?) -> String {
            guard let value, let interval = value.interval else { return "\(name) –" }
            return "\(name) \(Format.number(value.value, digits: 3)) "
                + "[\(Format.number(interval.low, digits: 3)), "
                + "\(Format.number(interval.high, digits: 3))]"
        }
        return [
            line("recall", recall), line("precision", precision), line("fdr", fdr),
            line("recall_autoqual", recall_autoqual),
            line("precision_autoqual", precision_autoqual),
            "coverage \(Format.number(coverage, digits: 2))",
            line("noise_reported", noise_reported),
            "noise_covers_zero \(Format.number(noise_covers_zero, digits: 2))",
            line("noise_reported_autoqual", noise_reported_autoqual),
            "\(seeds) seeds in \(Format.number(seconds, digits: 0)) s",
        ].joined(separator: "\n")
    }
}
