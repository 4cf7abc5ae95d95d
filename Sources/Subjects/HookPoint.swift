/// A place in the residual stream, by its TransformerLens name.
///
/// - `hook_embed`: the sum of token and position embedding, before the first block. (Where
///   TransformerLens means the token embedding alone, this is `blocks.0.hook_resid_pre`.)
/// - `blocks.N.hook_resid_pre`, `blocks.N.hook_resid_mid`, `blocks.N.hook_resid_post`: before
///   block N, between its attention and its MLP, and after it.
public struct HookPoint: Hashable, Sendable, CustomStringConvertible {
    /// Where within a block.
    public enum Site: String, Hashable, Sendable, CaseIterable {
        case pre, mid, post
    }

    /// The block, or nil for the embedding.
    public let block: Int?
    /// The place within the block; `pre` for the embedding.
    public let site: Site

    /// The embedding's sum.
    public static let embedding = HookPoint(block: nil, site: .pre)

    /// A place in block `block`.
    public static func block(_ block: Int, _ site: Site) -> HookPoint {
        HookPoint(block: block, site: site)
    }

    /// How many half blocks (attention, MLP, attention, …) come before this place.
    var halfBlocks: Int {
        guard let block else { return 0 }
        return 2 * block + (site == .pre ? 0 : site == .mid ? 1 : 2)
    }

    /// The TransformerLens name.
    public var description: String {
        guard let block else { return "hook_embed" }
        return "blocks.\(block).hook_resid_\(site.rawValue)"
    }

    /// What exists in a model of `layerCount` layers, in words.
    static func available(layerCount: Int) -> String {
        "hook_embed, blocks.N.hook_resid_pre, blocks.N.hook_resid_mid, blocks.N.hook_resid_post "
            + "with N in 0..<\(layerCount)"
    }
}

extension HookPoint {
    /// Reads a TransformerLens name, for a model of `layerCount` layers.
    ///
    /// - Throws: ``SubjectError/unknownHook(name:available:)``, which lists what exists.
    public init(_ name: String, layerCount: Int) throws(SubjectError) {
        if name == "hook_embed" {
            self = .embedding
            return
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "blocks", let block = Int(parts[1]),
            String(block) == parts[1], (0..<layerCount).contains(block),
            parts[2].hasPrefix("hook_resid_"),
            let site = Site(rawValue: String(parts[2].dropFirst("hook_resid_".count)))
        else {
            throw .unknownHook(name: name, available: Self.available(layerCount: layerCount))
        }
        self = .block(block, site)
    }
}
