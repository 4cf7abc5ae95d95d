import Foundation

/// SentencePiece's table of replacements: a double array of UTF-8 prefixes, and the texts that it
/// points into.
///
/// - Source: `spm_precompiled` 0.1 and the double array of Darts-clone. As in the reference the
///   *shortest* prefix in the table decides, also for a cluster of several scalars.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let texts: [UInt8]

    /// - Parameter map: the field `precompiled_charsmap`, in base 64.
    /// - Returns: nil when the bytes are not such a table.
    init?(base64 map: String) {
        guard let data = Data(base64Encoded: map), data.count >= 4 else { return nil }
        let bytes = [UInt8](data)
        func word(_ at: Int) -> UInt32 {
            UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
                | UInt32(bytes[at + 3]) << 24
        }
        let size = Int(word(0))
        guard size % 4 == 0, size <= bytes.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        texts = Array(bytes[(4 + size)...])
        guard String(validating: texts, as: UTF8.self) != nil else { return nil }
    }

    /// The replacement for a text that begins with an entry of the table.
    func replacement(for key: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8>? {
        guard let start = firstValue(key), start < texts.count else { return nil }
        let end = texts[start...].firstIndex(of: 0) ?? texts.count
        // An entry that points into the middle of a character is no entry.
        guard start == end || texts[start] & 0xC0 != 0x80 else { return nil }
        return texts[start..<end]
    }

    /// The value of the shortest entry that `key` begins with.
    private func firstValue(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let root = units.first else { return nil }
        var node = Self.offset(root)
        for byte in key where byte != 0 {
            node ^= Int(byte)
            guard node < units.count else { return nil }
            let unit = units[node]
            guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
            node ^= Self.offset(unit)
            guard node < units.count else { return nil }
            if unit >> 8 & 1 == 1 { return Int(units[node] & (1 << 31 - 1)) }
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int {
        Int(unit >> 10) << Int((unit & 1 << 9) >> 6)
    }
}

extension CharacterMap {
    /// Replaces what the table knows: whole clusters of up to five bytes first, then scalars.
    func normalise(_ passage: inout Passage) {
        var changes: [(scalar: UInt32, change: Int)] = []
        var isModified = false
        for cluster in String(decoding: passage.bytes, as: UTF8.self) {
            var cluster = String(cluster)
            cluster.withUTF8 { bytes in
                isModified = add(bytes, to: &changes) || isModified
            }
        }
        guard isModified else { return }
        var editor = PassageEditor(passage)
        for change in changes { editor.emit(change.scalar, change.change) }
        editor.finish(&passage)
    }

    private func add(
        _ cluster: UnsafeBufferPointer<UInt8>, to changes: inout [(scalar: UInt32, change: Int)]
    ) -> Bool {
        if cluster.count < 6, let text = replacement(for: cluster) {
            Self.replace(cluster, by: text, &changes)
            return true
        }
        var isModified = false
        var at = 0
        while at < cluster.count {
            let (scalar, length) = UTF8Text.scalar(cluster, at)
            let part = UnsafeBufferPointer(rebasing: cluster[at..<at + length])
            if let text = replacement(for: part) {
                Self.replace(part, by: text, &changes)
                isModified = true
            } else {
                changes.append((scalar, 0))
            }
            at += length
        }
        return isModified
    }

    private static func replace(
        _ old: UnsafeBufferPointer<UInt8>, by new: ArraySlice<UInt8>,
        _ changes: inout [(scalar: UInt32, change: Int)]
    ) {
        let oldCount = old.count { $0 & 0xC0 != 0x80 }
        let scalars = String(decoding: new, as: UTF8.self).unicodeScalars.map(\.value)
        for (index, scalar) in scalars.enumerated() {
            changes.append((scalar, index < oldCount ? 0 : 1))
        }
        if scalars.count < oldCount, let last = changes.indices.last {
            changes[last].change -= oldCount - scalars.count
        }
    }
}
