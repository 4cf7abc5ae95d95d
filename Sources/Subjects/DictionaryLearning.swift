import LinearAlgebra

/// A dictionary of the library dictionary_learning: `ae.pt`, and `config.json` that names its class.
///
/// Scales of activations were folded into the weights by the library's trainers.
///
/// - Source: saprmarks/dictionary_learning 60ec6bf, dictionary.py and trainers/; parity:
///   `dictionary-learning-*`, max |Δ| ≤ 1e-4.
struct DictionaryLearning {
    private enum Class: String, CaseIterable {
        case autoEncoder = "AutoEncoder"
        case autoEncoderNew = "AutoEncoderNew"
        case gated = "GatedAutoEncoder"
        case topK = "AutoEncoderTopK"
        case batchTopK = "BatchTopKSAE"
        case jumpReLU = "JumpReluAutoEncoder"
        case matryoshka = "MatryoshkaBatchTopKSAE"
    }

    private let tensors: TorchFile
    private let kind: Class
    private let config: ConfigurationFields?
    private let choices: PublishedAutoencoder.Choices

    init(
        _ tensors: TorchFile, folder: String?, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) {
        self.tensors = tensors
        self.choices = choices
        if let name = tensors.scalars.keys.sorted().first {
            throw .unknownTensor(path: tensors.path, tensor: name)
        }
        guard let folder, FileKind.isFile(folder + "/config.json") else {
            config = nil
            kind = try Self.guess(tensors, choices)
            return
        }
        let trainer = try ConfigurationFields(path: folder + "/config.json").nested("trainer")
        config = trainer
        guard let kind = Class(rawValue: try trainer.text("dict_class")) else {
            throw trainer.unsupported("dict_class", "only \(Self.classNames) are computed")
        }
        self.kind = kind
    }

    private static var classNames: String {
        Class.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// The class that the names of the tensors leave possible, or the caller's.
    private static func guess(
        _ tensors: TorchFile, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> Class {
        if let name = choices.dictionaryClass {
            guard let kind = Class(rawValue: name) else {
                throw .unknownFormat(
                    path: tensors.path, reason: "the class \(name) is none of \(classNames)")
            }
            return kind
        }
        let names = Set(tensors.tensorNames)
        let fitting = Class.allCases.filter { names == Self.names(of: $0) }
        if fitting.count == 1 { return fitting[0] }
        if fitting.isEmpty {
            throw .unknownFormat(
                path: tensors.path,
                reason: "its tensors \(names.sorted().prefix(12).joined(separator: ", ")) are "
                    + "those of no known class")
        }
        throw .missingChoice(
            path: tensors.path, choice: "the class in dictionary_learning",
            reason: "the tensors fit \(fitting.map(\.rawValue).joined(separator: " and "))")
    }

    private static func names(of kind: Class) -> Set<String> {
        switch kind {
        case .autoEncoder: ["bias", "encoder.weight", "encoder.bias", "decoder.weight"]
        case .autoEncoderNew:
            ["encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"]
        case .gated:
            [
                "decoder_bias", "encoder.weight", "r_mag", "gate_bias", "mag_bias",
                "decoder.weight",
            ]
        case .topK, .batchTopK:
            ["encoder.weight", "encoder.bias", "decoder.weight", "b_dec", "k", "threshold"]
        case .jumpReLU: ["W_enc", "b_enc", "W_dec", "b_dec", "threshold"]
        case .matryoshka:
            ["W_enc", "b_enc", "W_dec", "b_dec", "k", "threshold", "group_sizes"]
        }
    }

    func read() throws(SubjectError) -> PublishedParts {
        try tensors.refuseOthers(than: Self.names(of: kind))
        let isLinear = tensors.has("encoder.weight")
        let encoder = isLinear ? "encoder.weight" : "W_enc"
        let size = try tensors.size(of: encoder)
        let (d, f) = isLinear ? (size.columns, size.rows) : size
        try checkSizes(d, f)
        let biases: (encoder: String?, decoder: String) =
            switch kind {
            case .autoEncoder: ("encoder.bias", "bias")
            case .autoEncoderNew: ("encoder.bias", "decoder.bias")
            case .gated: (nil, "decoder_bias")
            case .topK, .batchTopK: ("encoder.bias", "b_dec")
            case .jumpReLU, .matryoshka: ("b_enc", "b_dec")
            }
        let decoder = isLinear ? "decoder.weight" : "W_dec"
        var encoderBias = [Float](repeating: 0, count: f)
        if let name = biases.encoder { encoderBias = try tensors.floats(name, shape: [f]) }
        let weights = SparseAutoencoder.Weights(
            encoder: try tensors.matrix(encoder, rows: d, columns: f, transposed: isLinear),
            encoderBias: encoderBias,
            decoder: try tensors.matrix(decoder, rows: f, columns: d, transposed: isLinear),
            decoderBias: try tensors.floats(biases.decoder, shape: [d]))
        var parts = PublishedParts(
            weights: weights, architecture: try architecture(f),
            subtractsDecoderBias: kind != .autoEncoderNew && kind != .jumpReLU,
            rescalesByDecoderNorm: kind == .autoEncoder)
        parts.rescaleField = (tensors.path, "decoder.weight")
        try state(&parts)
        return parts
    }

    private func checkSizes(_ d: Int, _ f: Int) throws(SubjectError) {
        guard let config else { return }
        for (name, size) in [("activation_dim", d), ("dict_size", f)]
        where config.present(name) != nil {
            guard try config.size(name) == size else {
                throw config.invalid(name, "\(size), as the tensors have it")
            }
        }
    }

    private func architecture(
        _ f: Int
    ) throws(SubjectError) -> SparseAutoencoder.Architecture {
        switch kind {
        case .autoEncoder, .autoEncoderNew: return .standard
        case .gated:
            return .gated(
                .init(
                    bias: try tensors.floats("gate_bias", shape: [f]),
                    logScale: try tensors.floats("r_mag", shape: [f]),
                    magnitudeBias: try tensors.floats("mag_bias", shape: [f])))
        case .topK: return .topK(k: try count(f))
        case .batchTopK, .matryoshka:
            _ = try count(f)
            return .jumpReLU(
                threshold: [Float](repeating: try tensors.scalar("threshold"), count: f))
        case .jumpReLU:
            return .jumpReLU(threshold: try tensors.perLatent("threshold", f))
        }
    }

    private func count(_ f: Int) throws(SubjectError) -> Int {
        let k = try tensors.count("k", atMost: f)
        if let config, config.present("k") != nil, try config.size("k") != k {
            throw config.invalid("k", "\(k), as the tensor has it")
        }
        return k
    }

    private func state(_ parts: inout PublishedParts) throws(SubjectError) {
        parts.note("class", kind.rawValue + (config == nil ? ", by the names of its tensors" : ""))
        switch kind {
        case .autoEncoder:
            parts.note(
                "units", "activations scaled by decoder norms, as by the library's from_pretrained")
        case .topK: parts.note("threshold", "not used: the k greatest count, the library's default")
        case .batchTopK, .matryoshka:
            parts.note("k", "not used: the threshold counts, the library's default")
        case .jumpReLU: parts.note("input bias", "none, the library's default")
        default: break
        }
        guard let config else { return }
        parts.origin.modelName = try config.optionalText("lm_name")
        let layer = config.present("layer")?.integer
        let module = try config.optionalText("submodule_name")
        if let module { parts.note("submodule", module) }
        if let layer { parts.note("layer", "\(layer)") }
        if let layer, layer >= 0, module == "resid_post_layer_\(layer)" {
            parts.origin.hookName = "blocks.\(layer).hook_resid_post"
        }
    }
}
