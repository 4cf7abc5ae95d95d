/// The tree of a pattern: what stands between its slashes.
indirect enum PatternNode {
    case empty
    case set(SymbolSet)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// As often as wished from `least` on; nil: without end.
    case repetition(PatternNode, least: Int, most: Int?)

    /// Places that accept a character once repetitions are written out.
    var placeCount: Int {
        switch self {
        case .empty: 0
        case .set: 1
        case .sequence(let nodes), .choice(let nodes): nodes.reduce(0) { $0 + $1.placeCount }
        case .repetition(let node, let least, let most): node.placeCount * max(most ?? least, 1)
        }
    }
}

/// Why a pattern cannot be read, and where: characters from its start.
struct PatternFault: Error {
    let offset: Int
    let reason: String
}
