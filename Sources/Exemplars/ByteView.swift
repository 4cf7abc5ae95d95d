/// Bytes of a file that nobody trusts: every reading is checked.
struct ByteView {
    let path: String
    let bytes: UnsafeRawBufferPointer

    /// A whole number at a place, the least significant byte first.
    func number<Number: FixedWidthInteger>(
        _ offset: Int, _ place: String, as type: Number.Type = Number.self
    ) throws(ExemplarError) -> Number {
        let size = MemoryLayout<Number>.size
        guard offset >= 0, offset <= bytes.count - size else {
            throw .damaged(
                path: path, place: place,
                reason: "it would be at byte \(offset) of \(bytes.count)")
        }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// A number of 64 bits that is used as a count or offset.
    func extent(_ offset: Int, _ place: String) throws(ExemplarError) -> Int {
        let value: UInt64 = try number(offset, place)
        guard let value = Int(exactly: value), value <= 1 << 48 else {
            throw .damaged(path: path, place: place, reason: "\(value) is too large")
        }
        return value
    }

    func float(_ offset: Int, _ place: String) throws(ExemplarError) -> Float {
        Float(bitPattern: try number(offset, place))
    }

    /// A part of the bytes.
    ///
    /// - Parameter count: at most 2⁵⁶.
    func part(_ offset: Int, _ count: Int, _ place: String) throws(ExemplarError) -> ByteView {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
            throw .damaged(
                path: path, place: place,
                reason: "it would be bytes \(offset) to \(offset &+ count) of \(bytes.count)")
        }
        return ByteView(
            path: path, bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }
}
