import ArgumentParser
import Dictionaries
import Digests
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
    let interval: CheckpointFolder.Interval
    let resumes: Bool
    /// What the dictionaries are compared on.
    let evaluation: EvaluationOptions
    let threads: Int
    let json: Bool

    func run() async throws {
        let started = ContinuousClock.now
        let parts = try parts()
        try claim(parts)
        for part in parts { try await train(part) }
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

    /// What is trained on one stream.
    private struct Part {
        let name: String
        let training: DictionaryTraining
        let folders: [String]
    }

    private func parts() throws -> [Part] {
        var parts = try streams(of: series.entries).enumerated().map {
            try part("stream-\($0 + 1)", $1, activations, prefix: "")
        }
        if activations.games != nil {
            var floor = activations
            floor.randomModel = Self.floorSeed
            parts.append(try part("floor", floorEntries, floor, prefix: Self.floorPrefix))
        }
        return parts
    }

    private func part(
        _ name: String, _ entries: [SweepPlan.Entry], _ activations: ActivationOptions,
        prefix: String
    ) throws -> Part {
        let plans = entries.map(\.plan)
        return Part(
            name: name,
            training: try DictionaryTraining(
                source: activations.source(model: model, plan: plans[0], threads: threads),
                plans: plans),
            folders: entries.map { path(prefix, $0) })
    }

    /// Makes the folder this sweep's, or refuses one that is another's.
    private func claim(_ parts: [Part]) throws {
        var hash = SHA256()
        hash.update("\(format)")
        for part in parts {
            hash.update(" \(part.name) \(try part.training.identity())")
            for folder in part.folders {
                hash.update(" \(folder.split(separator: "/").last ?? "")")
            }
        }
        let (own, mark) = (hash.finalize().hex, out + "/sweep.identity")
        guard let found = FileManager.default.contents(atPath: mark) else {
            try TrainedDictionary.check(isFree: out)
            try FileManager.default.createDirectory(
                atPath: out, withIntermediateDirectories: true)
            try Data(own.utf8).write(to: URL(fileURLWithPath: mark), options: .atomic)
            return
        }
        guard resumes else {
            throw ValidationError(
                "\(out) is a sweep already: name a new folder, or go on with --resume.")
        }
        guard String(decoding: found, as: UTF8.self) == own else {
            throw ValidationError(
                "\(out) is another sweep: its model, data, series or numbers are not these. Name a new "
                    + "folder, or give the options that it began with.")
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

    /// Trains all of a part where any of it is missing: a checkpoint is of them together.
    private func train(_ part: Part) async throws {
        let missing = part.folders.filter { !FileManager.default.fileExists(atPath: $0) }
        guard !missing.isEmpty else { return }
        let folder = try CheckpointFolder(
            path: CheckpointFolder.path(for: "\(out)/\(part.name)"), interval: interval,
            resumes: resumes)
        defer { folder.removeIfEmpty() }
        Console.error("\(part.name): \(part.folders.count) dictionaries")
        TrainSAEScreen.say(part.training.tokenCounts, try part.training.estimate())
        do {
            let dictionaries = try await TrainSAEScreen.run(part.training, folder)
            for (path, dictionary) in zip(part.folders, dictionaries) where missing.contains(path) {
                try dictionary.write(to: path, as: format)
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
        return try plans.compactMap { entry in
            let dictionary = try PublishedAutoencoder(path: path(prefix, entry)).autoencoder
            let rows =
                try material
                ?? evaluation.evaluation(
                    model: model, dictionary, randomWeights: randomWeights)
            material = rows
            do {
                return SweepRecord.Entry(
                    name: prefix + entry.name, series: entry.series, setting: entry.setting,
                    evaluated: try rows.measure(dictionary))
            } catch {
                Console.error("\(prefix)\(entry.name) is left out: \(error)")
                return nil
            }
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
