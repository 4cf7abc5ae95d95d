import Exemplars
import Foundation
import JSON
import LinearAlgebra
import Subjects

/// A dictionary as the training left it, with all that must be known of it.
public struct TrainedDictionary: Sendable {
    /// Names the arithmetic; changed whenever any weight could change in any bit.
    public static let engineVersion = "conjecture.dictionaries/1"

    /// How a dictionary lies in a folder.
    public enum Layout: String, CaseIterable, Sendable {
        /// `cfg.json` and `sae_weights.safetensors`.
        case saeLens = "sae-lens"
        /// `config.json` and `ae.pt`.
        case dictionaryLearning = "dictionary-learning"
    }

    let form: TrainedForm
    public var weights: SparseAutoencoder.Weights { form.weights }
    public let plan: TrainingPlan
    /// What it was trained on.
    public let facts: SourceFacts
    public let quality: HeldOutQuality
    /// How many latents fired in the last part of the training.
    public let liveLatents: Int

    public var origin: SparseAutoencoder.Origin { facts.origin }

    /// The dictionary, ready to be measured.
    ///
    /// - Parameter name: what messages call it.
    public func autoencoder(name: String = "dictionary") -> SparseAutoencoder {
        form.autoencoder(facts.origin, name: name)
    }

    /// Refuses a place where something is.
    ///
    /// - Throws: ``DictionaryError/folderExists(path:)``.
    public static func check(isFree path: String) throws(DictionaryError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .folderExists(path: path)
        }
    }

    /// Writes a folder: all of it, or nothing. When it returns the files are on the disk.
    ///
    /// - Throws: ``DictionaryError/folderExists(path:)``, ``DictionaryError/noLayout(format:reason:)`` or
    ///   ``DictionaryError/unwritable(path:reason:)``.
    public func write(to path: String, as layout: Layout = .saeLens) throws(DictionaryError) {
        try Self.check(isFree: path)
        let contents =
            switch layout {
            case .saeLens: saeLensFiles
            case .dictionaryLearning: try dictionaryLearningFiles()
            }
        let target = URL(fileURLWithPath: path)
        let part = target.deletingLastPathComponent().appendingPathComponent(
            target.lastPathComponent + ".new")
        let files = FileManager.default
        do {
            try? files.removeItem(at: part)
            try files.createDirectory(at: part, withIntermediateDirectories: true)
            for (name, bytes) in contents {
                let writer = try FileWriter(path: part.appendingPathComponent(name).path)
                try writer.write(bytes)
                try writer.synchronise()
            }
            try files.moveItem(at: part, to: target)
        } catch {
            try? files.removeItem(at: part)
            if case ExemplarError.unwritable(_, let reason) = error {
                throw .unwritable(path: path, reason: reason)
            }
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
    }

    /// What any layout says beside the shapes.
    var provenance: [JSONValue.Member] {
        let members: [(String, JSONValue?)] = [
            ("model_name", origin.modelName.map { .string($0) } ?? .null),
            ("hook_name", origin.hookName.map { .string($0) } ?? .null),
            ("context_size", origin.contextSize.map { .integer($0) } ?? .null),
            ("prepend_bos", origin.prependsBOS.map { .bool($0) } ?? .null),
            ("dataset_path", .string(facts.dataName)),
            ("dataset_digest", .string(facts.dataDigest.hex)),
            ("random_model_seed", facts.randomModel.map { .string(String($0)) }),
            ("trainer", .string(Self.engineVersion)),
            ("engine", facts.engine.map { .string($0) }),
            ("training", plan.json), ("held_out", quality.json),
            ("live_latents", .integer(liveLatents)),
        ]
        return members.compactMap { name, value in
            value.map { JSONValue.Member(name: name, value: $0) }
        }
    }
}

extension HeldOutQuality {
    /// Rounded to what is worth reading; a figure of rows that do not vary is null.
    public var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue {
            value.isFinite ? .number((value * 1_000_000).rounded() / 1_000_000) : .null
        }
        return [
            "tokens": .integer(tokens), "explained_variance": rounded(explainedVariance),
            "mse": rounded(meanSquaredError), "l0": rounded(activeLatents),
            "live_latents": .integer(liveLatents), "dense_latents": .integer(denseLatents),
        ]
    }
}

extension JSONValue {
    /// The value as JSON for people: a member a line, and an end of line.
    var document: [UInt8] { Array((Self.indented(self, by: 0) + "\n").utf8) }

    private static func indented(_ value: JSONValue, by depth: Int) -> String {
        guard case .object(let members) = value, !members.isEmpty else { return value.text }
        let margin = String(repeating: " ", count: depth + 1)
        let lines = members.map { member in
            margin + JSONValue.string(member.name).text + ": "
                + indented(member.value, by: depth + 1)
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n" + margin.dropLast() + "}"
    }
}
