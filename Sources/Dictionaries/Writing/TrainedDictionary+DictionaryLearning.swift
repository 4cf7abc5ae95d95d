import Foundation
import JSON
import LinearAlgebra
import Subjects

/// The layout of dictionary_learning: `config.json` and `ae.pt`.
///
/// - Source: dictionary_learning 0.1.0, dictionary.py, trainers/ and `load_dictionary` in utils.py.
extension TrainedDictionary {
    /// - Throws: ``DictionaryError/noLayout(format:reason:)`` for a dictionary without a class there.
    func dictionaryLearningFiles() throws(DictionaryError) -> [(name: String, bytes: [UInt8])] {
        let content = try dictionaryLearningContent()
        guard content.file.byteCount < 1 << 32 else {
            throw .noLayout(
                format: "dictionary_learning", reason: "ae.pt would be larger than 4 GB")
        }
        return [
            ("config.json", trainerConfiguration(content.kind).document),
            ("ae.pt", content.file.bytes),
        ]
    }

    private func dictionaryLearningContent() throws(DictionaryError) -> (
        kind: String, file: TorchWriter
    ) {
        var file = TorchWriter()
        switch (plan.architecture, form.architecture) {
        case (_, .standard):
            file.add("bias", weights.decoderBias)
            addLinearMaps(to: &file)
            return ("AutoEncoder", file)
        case (_, .gated(let gate)):
            let gate = gate.taking(weights.encoderBias)
            file.add("decoder_bias", weights.decoderBias)
            file.add("r_mag", gate.logScale)
            file.add("gate_bias", gate.bias)
            file.add("mag_bias", gate.magnitudeBias)
            addLinearMaps(to: &file, bias: false)
            return ("GatedAutoEncoder", file)
        case (_, .topK(let k)):
            addCount(k, threshold: -1, to: &file)
            addLinearMaps(to: &file)
            file.add("b_dec", weights.decoderBias)
            return ("AutoEncoderTopK", file)
        case (.batchTopK(let k), .jumpReLU(let threshold)):
            addCount(k, threshold: threshold.first ?? 0, to: &file)
            addLinearMaps(to: &file)
            file.add("b_dec", weights.decoderBias)
            return ("BatchTopKSAE", file)
        case (.matryoshka(let k, let prefixes), .jumpReLU(let threshold)):
            addCount(k, threshold: threshold.first ?? 0, to: &file)
            file.add("group_sizes", zip(prefixes, [0] + prefixes).map { Int64($0 - $1) })
            addPlainMaps(to: &file, bias: weights.encoderBias)
            return ("MatryoshkaBatchTopKSAE", file)
        case (_, .jumpReLU(let threshold)):
            file.add("threshold", threshold)
            addPlainMaps(to: &file, bias: biasWithoutCentring)
            return ("JumpReluAutoEncoder", file)
        case (_, .groupMax):
            throw .noLayout(format: "dictionary_learning", reason: "it has no group maxima")
        }
    }

    private func addCount(_ k: Int, threshold: Float, to file: inout TorchWriter) {
        file.add("k", number: Int32(k))
        file.add("threshold", number: threshold)
    }

    /// As torch's linear layers keep them, [out × in].
    private func addLinearMaps(to file: inout TorchWriter, bias: Bool = true) {
        file.add("encoder.weight", weights.encoder.transposed())
        if bias { file.add("encoder.bias", weights.encoderBias) }
        file.add("decoder.weight", weights.decoder.transposed())
    }

    private func addPlainMaps(to file: inout TorchWriter, bias: [Float]) {
        file.add("W_enc", weights.encoder)
        file.add("b_enc", bias)
        file.add("W_dec", weights.decoder)
        file.add("b_dec", weights.decoderBias)
    }

    /// b_enc for a class that takes b_dec from no row: b_enc − b_dec W_enc, where it was taken.
    private var biasWithoutCentring: [Float] {
        guard form.subtractsDecoderBias else { return weights.encoderBias }
        var sums = weights.encoderBias.map { Double($0) }
        for (c, bias) in weights.decoderBias.enumerated() {
            for (latent, weight) in zip(sums.indices, weights.encoder.row(c)) {
                sums[latent] -= Double(bias) * Double(weight)
            }
        }
        return sums.map { Float($0) }
    }

    private func trainerConfiguration(_ kind: String) -> JSONValue {
        let place = origin.hookName.map(Self.submodule)
        let k: Int? =
            switch plan.architecture {
            case .topK(let k), .batchTopK(let k), .matryoshka(let k, _): k
            default: nil
            }
        let members: [(String, JSONValue?)] = [
            ("dict_class", .string(kind)), ("activation_dim", .integer(weights.encoder.rows)),
            ("dict_size", .integer(plan.latentCount)), ("k", k.map { .integer($0) }),
            ("lr", .number(plan.greatestRate)), ("steps", .integer(plan.stepCount)),
            ("seed", .integer(Int(truncatingIfNeeded: plan.weightSeed ?? plan.seed))),
            ("layer", place?.layer.map { .integer($0) }),
            ("lm_name", origin.modelName.map { .string($0) }),
            ("submodule_name", place.map { .string($0.name) }),
        ]
        let trainer = members.compactMap { name, value in
            value.map { JSONValue.Member(name: name, value: $0) }
        }
        return [
            "trainer": .object(trainer),
            "buffer": [
                "d_submodule": .integer(weights.encoder.rows),
                "ctx_len": origin.contextSize.map { .integer($0) } ?? .null,
                "out_batch_size": .integer(plan.batchSize),
            ], "conjecture": .object(provenance),
        ]
    }

    /// The library's own name of a stream behind a block.
    private static func submodule(_ hook: String) -> (name: String, layer: Int?) {
        let parts = hook.split(separator: ".")
        guard parts.count == 3, parts[0] == "blocks", let layer = Int(parts[1]) else {
            return (hook, nil)
        }
        return (parts[2] == "hook_resid_post" ? "resid_post_layer_\(layer)" : hook, layer)
    }
}
