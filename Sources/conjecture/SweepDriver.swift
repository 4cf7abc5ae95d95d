import ArgumentParser
import Dictionaries
import Dispatch
import Foundation
import Reporting
import Subjects

/// Trains the dictionaries of a sweep, those that can share a stream together, measures them on the same
/// rows, and writes folders, figures and page.
struct SweepDriver {
    /// The seed of the random weights of the floor.
    static let floorSeed: UInt64 = 1

    let model: String?
    let activations: ActivationOptions
    let series: SweepPlan
    let out: String
    let format: TrainedDictionary.Layout
    let resumes: Bool
    /// What the dictionaries are compared on.
    let evaluation: EvaluationOptions
    let threads: Int
    let json: Bool

    func run() async throws {
        try FileManager.default.createDirectory(
            atPath: out, withIntermediateDirectories: true)
        let started = ContinuousClock.now
        for (number, entries) in streams(of: series.entries).enumerated() {
            try await train(entries, activations, stream: "stream-\(number + 1)", prefix: "")
        }
        var floor = activations
        floor.randomModel = Self.floorSeed
        if activations.games != nil {
            try await train(floorEntries, floor, stream: "floor", prefix: Self.floorPrefix)
        }
        let trained = ContinuousClock.now
        let record = try await measured(trained - started)
        try write(record)
        if json {
            print(record.json.text)
        } else {
            print(SweepTable(record).text)
            print("report  \(out)/sweep.html")
        }
    }

    /// Dictionaries whose batches are the same.
    private func streams(of entries: [SweepPlan.Entry]) -> [[SweepPlan.Entry]] {
        var streams: [[SweepPlan.Entry]] = []
        for entry in entries {
            if let place = streams.firstIndex(where: { $0[0].plan.sharesStream(with: entry.plan) })
            {
                streams[place].append(entry)
            } else {
                streams.append([entry])
            }
        }
        return streams
    }

    private static let floorPrefix = "random-weights-"

    /// One series is enough to tell what a model without knowledge gives: TopK where it is swept, for its
    /// L0 is what it was asked for.
    private var floorEntries: [SweepPlan.Entry] {
        let name =
            series.entries.first { $0.plan.architecture.isTopK }?.series
            ?? series.entries[0].series
        return series.entries.filter { $0.series == name }
    }

    private func path(_ prefix: String, _ entry: SweepPlan.Entry) -> String {
        "\(out)/\(prefix)\(entry.name)"
    }

    private func train(
        _ all: [SweepPlan.Entry], _ activations: ActivationOptions, stream: String, prefix: String
    ) async throws {
        let entries = all.filter { !FileManager.default.fileExists(atPath: path(prefix, $0)) }
        guard entries.count == all.count || resumes else {
            throw ValidationError(
                "\(out) has dictionaries of this sweep already: name a new folder, or go on with --resume."
            )
        }
        guard !entries.isEmpty else { return }
        let plans = entries.map(\.plan)
        let training = try DictionaryTraining(
            source: activations.source(model: model, plan: plans[0], threads: threads),
            plans: plans)
        let folder = try CheckpointFolder(
            path: CheckpointFolder.path(for: "\(out)/\(stream)"), resumes: resumes)
        defer { folder.removeIfEmpty() }
        Console.error("\(stream): \(entries.count) dictionaries")
        TrainSAEScreen.say(training.tokenCounts, try training.estimate())
        do {
            for (entry, dictionary) in zip(entries, try await TrainSAEScreen.run(training, folder))
            {
                try dictionary.write(to: path(prefix, entry), as: format)
            }
            folder.remove()
        } catch DictionaryError.stopped(let step, let checkpoint) {
            Console.error("\(DictionaryError.stopped(step: step, checkpoint: checkpoint))")
            throw ExitStatus.interrupted
        }
    }

    /// What is measured is what was written.
    private func measured(_ training: Duration) async throws -> SweepRecord {
        try await DispatchQueue.global().result { () throws(SweepError) in
            do {
                return try measure(training)
            } catch {
                throw SweepError.unmeasured(error)
            }
        }.get()
    }

    private func measure(_ training: Duration) throws -> SweepRecord {
        let started = ContinuousClock.now
        let measured = try entries(series.entries, prefix: "", randomWeights: nil)
        let floor =
            activations.games == nil
            ? []
            : try entries(
                floorEntries, prefix: Self.floorPrefix, randomWeights: Self.floorSeed)
        let name = URL(fileURLWithPath: model ?? "").lastPathComponent
        return SweepRecord(
            place: "\(activations.hook ?? "") of \(name)",
            facts: facts(training: training, measuring: ContinuousClock.now - started),
            entries: measured, floor: floor)
    }

    private func entries(
        _ plans: [SweepPlan.Entry], prefix: String, randomWeights: UInt64?
    ) throws -> [SweepRecord.Entry] {
        var material: DictionaryEvaluation?
        return try plans.map { entry in
            let dictionary = try PublishedAutoencoder(path: path(prefix, entry)).autoencoder
            let rows =
                try material
                ?? evaluation.evaluation(
                    model: model, dictionary, randomWeights: randomWeights)
            material = rows
            return SweepRecord.Entry(
                name: prefix + entry.name, series: entry.series, setting: entry.setting,
                evaluated: try rows.measure(dictionary))
        }
    }

    private func facts(training: Duration, measuring: Duration) -> [SweepRecord.Fact] {
        let plan = series.entries[0].plan
        return [
            .init("Latents", "\(plan.latentCount)"),
            .init(
                "Activations trained on, each", "\(plan.stepCount * plan.batchSize)"),
            .init("Activations of a step", "\(plan.batchSize)"),
            .init(
                "Measured on",
                activations.games == nil
                    ? "\(evaluation.tokens) tokens of \(evaluation.corpus.joined(separator: ", "))"
                    : "\(evaluation.games / 2) games, as many to choose latents on"),
            .init("Seconds of training", "\(Int(training / .seconds(1)))"),
            .init("Seconds of measuring", "\(Int(measuring / .seconds(1)))"),
            .init("Seed", "\(plan.seed)"), .init("Engine", TrainedDictionary.engineVersion),
        ]
    }

    private func write(_ record: SweepRecord) throws {
        try Data((record.json.text + "\n").utf8).write(
            to: URL(fileURLWithPath: out + "/sweep.json"), options: .atomic)
        try Data(SweepReport(record).html.utf8).write(
            to: URL(fileURLWithPath: out + "/sweep.html"), options: .atomic)
    }
}

/// Why a sweep's dictionaries were not compared.
struct SweepError: Error, CustomStringConvertible {
    let reason: String

    static func unmeasured(_ error: any Error) -> SweepError {
        SweepError(
            reason:
                "the dictionaries are trained and written, and cannot be measured: \(error). Run the "
                + "same command with --resume when that is mended")
    }

    var description: String { reason }
}

extension TrainingArchitecture {
    fileprivate var isTopK: Bool {
        if case .topK = self { true } else { false }
    }
}
