import Digests
import Foundation
import JSON
import LinearAlgebra
import Subjects

/// A dictionary as the training left it, with all that must be known of it.
public struct TrainedDictionary: Sendable {
    /// What it was trained on.
    public struct Text: Hashable, Sendable {
        /// The files' names.
        public let name: String
        /// Over the files' bytes.
        public let digest: Digest
    }

    /// Names the arithmetic; changed whenever any weight could change in any bit.
    public static let engineVersion = "conjecture.dictionaries/1"

    let form: TrainedForm
    public var weights: SparseAutoencoder.Weights { form.weights }
    public let plan: TrainingPlan
    public let origin: SparseAutoencoder.Origin
    public let corpus: Text
    public let quality: HeldOutQuality
    /// How many latents fired in the last part of the training.
    public let liveLatents: Int

    /// Refuses a place where something is.
    ///
    /// - Throws: ``DictionaryError/folderExists(path:)``.
    public static func check(isFree path: String) throws(DictionaryError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .folderExists(path: path)
        }
    }

    /// Writes the folder in SAELens's layout: all of it, or nothing.
    ///
    /// - Throws: ``DictionaryError/folderExists(path:)`` or
    ///   ``DictionaryError/unwritable(path:reason:)``.
    public func write(to path: String) throws(DictionaryError) {
        try Self.check(isFree: path)
        let target = URL(fileURLWithPath: path)
        let part = target.deletingLastPathComponent().appendingPathComponent(
            target.lastPathComponent + ".new")
        let files = FileManager.default
        do {
            try? files.removeItem(at: part)
            try files.createDirectory(at: part, withIntermediateDirectories: true)
            try Data((configuration.indentedText + "\n").utf8)
                .write(to: part.appendingPathComponent("cfg.json"))
            try Data(tensors.bytes).write(
                to: part.appendingPathComponent("sae_weights.safetensors"))
            try files.moveItem(at: part, to: target)
        } catch {
            try? files.removeItem(at: part)
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
    }

    private var tensors: SafetensorsWriter {
        var file = SafetensorsWriter()
        file.add("W_enc", weights.encoder)
        file.add("b_enc", weights.encoderBias)
        file.add("W_dec", weights.decoder)
        file.add("b_dec", weights.decoderBias)
        return file
    }

    /// `cfg.json` as SAELens 6 reads it: without its version it takes the form for an older one, and
    /// drops the metadata.
    var configuration: JSONValue {
        guard case .topK(let k) = form.architecture else { return .null }
        return [
            "architecture": "topk", "d_in": .integer(weights.encoder.rows),
            "d_sae": .integer(plan.latentCount), "k": .integer(k), "dtype": "float32",
            "device": "cpu", "apply_b_dec_to_input": true, "normalize_activations": "none",
            "reshape_activations": "none", "rescale_acts_by_decoder_norm": false,
            "metadata": [
                "sae_lens_version": "6.0.0",
                "model_name": origin.modelName.map { .string($0) } ?? .null,
                "hook_name": origin.hookName.map { .string($0) } ?? .null,
                "context_size": origin.contextSize.map { .integer($0) } ?? .null,
                "prepend_bos": .bool(origin.prependsBOS ?? false),
                "dataset_path": .string(corpus.name), "dataset_digest": .string(corpus.digest.hex),
                "trainer": .string(Self.engineVersion),
                "engine": .string(Transformer.engineVersion),
                "training": plan.json, "held_out": quality.json,
                "live_latents": .integer(liveLatents),
            ],
        ]
    }
}

extension HeldOutQuality {
    /// Rounded to what is worth reading.
    public var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue {
            .number((value * 1_000_000).rounded() / 1_000_000)
        }
        return [
            "tokens": .integer(tokens), "explained_variance": rounded(explainedVariance),
            "mse": rounded(meanSquaredError), "l0": rounded(activeLatents),
            "live_latents": .integer(liveLatents), "dense_latents": .integer(denseLatents),
        ]
    }
}

extension JSONValue {
    /// The value as JSON for people: a member a line.
    fileprivate var indentedText: String { Self.indented(self, by: 0) }

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
