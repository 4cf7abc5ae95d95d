import LinearAlgebra

/// HypotheSAEs: one torch file {"config", "state_dict"}, a TopK dictionary over text embeddings.
///
/// - Source: rmovva/HypotheSAEs 706d897, sae.py.
enum HypotheSAEsFile {
    static func read(_ file: TorchFile) throws(SubjectError) -> PublishedParts {
        let prefix = "state_dict."
        let names = ["encoder.weight", "decoder.weight", "input_bias", "neuron_bias", "threshold"]
        try file.refuseOthers(than: Set((names + ["steps_since_activation"]).map { prefix + $0 }))
        let settings: Set<String> = [
            "input_dim", "m_total_neurons", "k_active_neurons", "aux_k", "multi_k",
            "dead_neuron_threshold_steps", "prefix_lengths", "use_batch_topk",
        ]
        for name in file.scalars.keys.sorted() {
            guard name.hasPrefix("config."), settings.contains(String(name.dropFirst(7))) else {
                throw .unknownField(path: file.path, field: name)
            }
        }
        let (f, d) = try file.size(of: prefix + "encoder.weight")
        guard try size(file, "input_dim") ?? d == d, try size(file, "m_total_neurons") ?? f == f
        else {
            throw .invalidField(
                path: file.path, field: "config", found: "of another size",
                expected: "\(d) wide with \(f) latents, as the tensors are")
        }
        let weights = SparseAutoencoder.Weights(
            encoder: try file.matrix(
                prefix + "encoder.weight", rows: d, columns: f, transposed: true),
            encoderBias: try file.floats(prefix + "neuron_bias", shape: [f]),
            decoder: try file.matrix(
                prefix + "decoder.weight", rows: f, columns: d, transposed: true),
            decoderBias: try file.floats(prefix + "input_bias", shape: [d]))
        var parts = PublishedParts(
            weights: weights, architecture: try architecture(file, prefix, f),
            subtractsDecoderBias: true)
        parts.origin.hookName = nil
        parts.note("rows", "embeddings of texts, not a model's residual stream")
        return parts
    }

    private static func architecture(
        _ file: TorchFile, _ prefix: String, _ f: Int
    ) throws(SubjectError) -> SparseAutoencoder.Architecture {
        switch file.scalars["config.use_batch_topk"] {
        case .bool(true):
            let threshold = try file.scalar(prefix + "threshold")
            return .jumpReLU(threshold: [Float](repeating: threshold, count: f))
        case nil, .bool(false):
            guard let k = try size(file, "k_active_neurons") else {
                throw .missingField(
                    path: file.path, field: "config.k_active_neurons", expected: "a whole number")
            }
            guard k <= f else {
                throw .invalidField(
                    path: file.path, field: "config.k_active_neurons", found: "\(k)",
                    expected: "at most \(f), the number of latents")
            }
            return .topK(k: k)
        default:
            throw .invalidField(
                path: file.path, field: "config.use_batch_topk", found: "something else",
                expected: "true or false")
        }
    }

    private static func size(_ file: TorchFile, _ name: String) throws(SubjectError) -> Int? {
        guard let value = file.scalars["config." + name] else { return nil }
        guard case .integer(let number) = value, number > 0 else {
            throw .invalidField(
                path: file.path, field: "config." + name, found: "something else",
                expected: "a whole number above 0")
        }
        return number
    }
}
