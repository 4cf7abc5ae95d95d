/// A text as tokens, and where each of them came from.
public struct Encoding: Hashable, Sendable {
    public internal(set) var ids: [Int] = []
    /// As the vocabulary spells them; of an unknown text that the model keeps, the text.
    public internal(set) var tokens: [String] = []
    /// In Unicode scalars of the text, as the Python package reports them; 0..<0 for a token that
    /// a template added.
    public internal(set) var offsets: [Range<Int>] = []
    /// The same in bytes of UTF-8.
    public internal(set) var byteOffsets: [Range<Int>] = []
    /// 0 for the first text, 1 for the second, or what the template says.
    public internal(set) var typeIDs: [Int] = []
    /// 1 for a token that a template or padding added, else 0.
    public internal(set) var specialTokensMask: [Int] = []
    /// 0 for padding, else 1.
    public internal(set) var attentionMask: [Int] = []

    public var count: Int { ids.count }

    mutating func append(_ other: Encoding) {
        ids += other.ids
        tokens += other.tokens
        offsets += other.offsets
        byteOffsets += other.byteOffsets
        typeIDs += other.typeIDs
        specialTokensMask += other.specialTokensMask
        attentionMask += other.attentionMask
    }

    mutating func append(special id: Int, _ token: String, typeID: Int) {
        ids.append(id)
        tokens.append(token)
        offsets.append(0..<0)
        byteOffsets.append(0..<0)
        typeIDs.append(typeID)
        specialTokensMask.append(1)
        attentionMask.append(1)
    }

    /// Keeps a range of the tokens only.
    mutating func keep(_ range: Range<Int>) {
        ids = Array(ids[range])
        tokens = Array(tokens[range])
        offsets = Array(offsets[range])
        byteOffsets = Array(byteOffsets[range])
        typeIDs = Array(typeIDs[range])
        specialTokensMask = Array(specialTokensMask[range])
        attentionMask = Array(attentionMask[range])
    }
}
