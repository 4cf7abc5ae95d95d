import Digests

/// A few hashes that stand for a set of texts, so that it can be told whether two sets share some: those
/// of the least hash, which another set with the same texts has among its least too.
///
/// Broder, "On the resemblance and containment of documents", 1997.
public struct TextSketch: Codable, Hashable, Sendable {
    public let hashes: [String]

    private static let size = 128

    init(_ texts: [String]) {
        let all = Set(texts.map { SHA256.digest(of: $0).hex.prefix(16) })
        hashes = all.sorted().prefix(Self.size).map(String.init)
    }

    /// As the memory and a folder of tools keep it.
    public var text: String { hashes.joined(separator: " ") }

    /// Whether a set with the sketch `text` shares texts with this one. Sets of which a tenth is shared
    /// are told with a chance of all but one in a hundred thousand.
    public func overlaps(_ text: String) -> Bool {
        let own = Set(hashes)
        return text.split(separator: " ").contains { own.contains(String($0)) }
    }
}
