/// A place in a decoder, by its TransformerLens name.
///
/// Activations are those of the unprocessed model (`from_pretrained_no_processing`).
public struct TransformerHook: Hashable, Sendable, CustomStringConvertible {
    /// What is read or changed.
    public enum Site: String, Hashable, Sendable, CaseIterable {
        /// The stream before a block, [width].
        case residualPre = "hook_resid_pre"
        /// The stream between attention and MLP, [width]; absent with a parallel residual.
        case residualMid = "hook_resid_mid"
        /// The stream after a block, [width].
        case residualPost = "hook_resid_post"
        /// The heads' mixtures side by side, [headCount · headWidth].
        case mixture = "attn.hook_z"
        /// What attention adds to the stream, after its own norm if there is one, [width].
        case attentionOut = "hook_attn_out"
        /// The MLP's neurons, gated if it is, before the last map, [innerWidth].
        case neurons = "mlp.hook_post"
        /// What the MLP adds to the stream, after its own norm if there is one, [width].
        case mlpOut = "hook_mlp_out"
    }

    /// Where in the model.
    public enum Place: Hashable, Sendable {
        /// The scaled token embeddings, before the first block, [width].
        case embedding
        case block(Int, Site)
        /// After the last norm, [width].
        case finalNorm
    }

    public let place: Place

    public static let embedding = TransformerHook(.embedding)
    public static let finalNorm = TransformerHook(.finalNorm)

    public init(_ place: Place) { self.place = place }

    public static func block(_ block: Int, _ site: Site) -> TransformerHook {
        TransformerHook(.block(block, site))
    }

    /// The TransformerLens name.
    public var description: String {
        switch place {
        case .embedding: "hook_embed"
        case .block(let block, let site): "blocks.\(block).\(site.rawValue)"
        case .finalNorm: "ln_final"
        }
    }

    /// The last block that must have run, or -1.
    func lastBlock(of count: Int) -> Int {
        switch place {
        case .embedding: -1
        case .block(let block, .residualPre): block - 1
        case .block(let block, _): block
        case .finalNorm: count - 1
        }
    }

    /// What exists, in words.
    static func available(_ c: TransformerConfiguration) -> String {
        let sites = Site.allCases.filter { !(c.hasParallelResidual && $0 == .residualMid) }
        return "hook_embed, "
            + sites.map { "blocks.N.\($0.rawValue)" }.joined(separator: ", ")
            + ", ln_final with N in 0..<\(c.layerCount), or a Hugging Face module"
    }
}

extension TransformerConfiguration {
    /// Reads a TransformerLens name, or the path of a Hugging Face module whose output it is.
    ///
    /// Paths: "model.layers.3" (with or without ".output" at the end and "model." in front),
    /// "gpt_neox.layers.3", their attention and MLP modules ("model.layers.3.mlp"; for Gemma the
    /// norms after them, whose outputs are what is added), and the final norm.
    ///
    /// - Throws: ``SubjectError/unknownHook(name:available:)``, which lists what exists.
    public func hook(named name: String) throws(SubjectError) -> TransformerHook {
        guard let hook = lensHook(name[...]) ?? moduleHook(name) else {
            throw .unknownHook(name: name, available: TransformerHook.available(self))
        }
        return hook
    }

    func contains(_ hook: TransformerHook) -> Bool {
        guard case .block(let block, let site) = hook.place else { return true }
        return block >= 0 && block < layerCount && !(hasParallelResidual && site == .residualMid)
    }

    /// How many floats a row has there.
    package func width(of hook: TransformerHook) -> Int {
        switch hook.place {
        case .block(_, .mixture): mixtureWidth
        case .block(_, .neurons): innerWidth
        default: width
        }
    }

    private func lensHook(_ name: Substring) -> TransformerHook? {
        switch name {
        case "hook_embed": return .embedding
        case "ln_final": return .finalNorm
        // TransformerLens places it before the factors in an RMS norm, which is not read here.
        case "ln_final.hook_normalized": return usesRMSNorm ? nil : .finalNorm
        default: break
        }
        let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "blocks", let block = number(parts[1]),
            let site = TransformerHook.Site(rawValue: String(parts[2]))
        else { return nil }
        let hook = TransformerHook.block(block, site)
        return contains(hook) ? hook : nil
    }

    private func moduleHook(_ name: String) -> TransformerHook? {
        var path = name[...]
        if path.hasSuffix(".output") { path = path.dropLast(7) }
        let words = ModuleWords(family)
        if path.hasPrefix(words.prefix) { path = path.dropFirst(words.prefix.count) }
        if path == words.finalNorm { return .finalNorm }
        // Gemma scales its embeddings after or inside the module, depending on the version.
        if path == words.embedding, embeddingScale == 1 { return .embedding }
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == words.blocks,
            let block = number(parts[1]), block < layerCount
        else { return nil }
        guard parts.count == 3 else { return .block(block, .residualPost) }
        switch parts[2] {
        case normsOutputs ? "post_attention_layernorm" : words.attention:
            return .block(block, .attentionOut)
        case normsOutputs ? "post_feedforward_layernorm" : "mlp": return .block(block, .mlpOut)
        default: return nil
        }
    }

    private func number(_ text: Substring) -> Int? {
        guard let value = Int(text), value >= 0, String(value) == text else { return nil }
        return value
    }
}

/// What Hugging Face calls the modules of a family.
private struct ModuleWords {
    let prefix: String
    let blocks: Substring
    let attention: Substring
    let embedding: Substring
    let finalNorm: Substring

    init(_ family: TransformerConfiguration.Family) {
        (prefix, blocks, attention, embedding, finalNorm) =
            switch family {
            case .gpt2: ("transformer.", "h", "attn", "wte", "ln_f")
            case .gptNeoX:
                ("gpt_neox.", "layers", "attention", "embed_in", "final_layer_norm")
            default: ("model.", "layers", "self_attn", "embed_tokens", "norm")
            }
    }
}
