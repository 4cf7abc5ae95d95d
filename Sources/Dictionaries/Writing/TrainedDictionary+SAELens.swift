import Foundation
import JSON
import LinearAlgebra
import Subjects

/// The layout of SAELens 6: `cfg.json` and `sae_weights.safetensors`.
///
/// BatchTopK and Matryoshka dictionaries are jumprelu here, as SAELens itself writes them.
///
/// - Source: SAELens 6.54.12, sae_lens/saes.
extension TrainedDictionary {
    var saeLensFiles: [(name: String, bytes: [UInt8])] {
        [
            ("cfg.json", configuration.document),
            ("sae_weights.safetensors", saeLensTensors.bytes),
        ]
    }

    private var saeLensTensors: SafetensorsWriter {
        var file = SafetensorsWriter()
        file.add("W_enc", weights.encoder)
        if case .gated(let gate) = form.architecture {
            // There is no b_enc: it goes into both biases.
            let gate = gate.taking(weights.encoderBias)
            file.add("b_gate", gate.bias)
            file.add("r_mag", gate.logScale)
            file.add("b_mag", gate.magnitudeBias)
        } else {
            file.add("b_enc", weights.encoderBias)
        }
        file.add("W_dec", weights.decoder)
        file.add("b_dec", weights.decoderBias)
        if case .jumpReLU(let threshold) = form.architecture { file.add("threshold", threshold) }
        return file
    }

    /// `cfg.json` as SAELens 6 reads it: without its version it takes the form for an older one, and
    /// drops the metadata.
    var configuration: JSONValue {
        let (name, k): (String, Int?) =
            switch form.architecture {
            case .standard: ("standard", nil)
            case .topK(let k): ("topk", k)
            case .jumpReLU: ("jumprelu", nil)
            case .gated: ("gated", nil)
            case .groupMax: preconditionFailure("no architecture is trained to group maxima")
            }
        let version = JSONValue.Member(name: "sae_lens_version", value: "6.0.0")
        let members: [(String, JSONValue?)] = [
            ("architecture", .string(name)), ("d_in", .integer(weights.encoder.rows)),
            ("d_sae", .integer(plan.latentCount)), ("k", k.map { .integer($0) }),
            ("dtype", "float32"), ("device", "cpu"),
            ("apply_b_dec_to_input", .bool(form.subtractsDecoderBias)),
            ("normalize_activations", "none"), ("reshape_activations", "none"),
            ("rescale_acts_by_decoder_norm", k.map { _ in false }),
            ("metadata", .object([version] + provenance)),
        ]
        return .object(
            members.compactMap { name, value in
                value.map { JSONValue.Member(name: name, value: $0) }
            })
    }
}

extension SparseAutoencoder.Gate {
    /// The gate of an autoencoder without b_enc that is the same as one with it.
    func taking(_ encoderBias: [Float]) -> SparseAutoencoder.Gate {
        guard encoderBias.contains(where: { $0 != 0 }) else { return self }
        var gate = self
        for latent in encoderBias.indices {
            gate.bias[latent] += encoderBias[latent]
            gate.magnitudeBias[latent] += Float(exp(Double(logScale[latent]))) * encoderBias[latent]
        }
        return gate
    }
}
