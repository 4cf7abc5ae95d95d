/// UTF-8 known to be valid, read scalar by scalar.
///
/// Every text that enters the module is a `String` or checked JSON, and everything made from it is
/// made of whole scalars, so that reading need not check again; it stays within bounds even so.
enum UTF8Text {
    /// The scalar at `at` and its length in bytes.
    @inline(__always)
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> (UInt32, Int) {
        let first = UInt32(bytes[at])
        if first < 0x80 { return (first, 1) }
        func tail(_ offset: Int) -> UInt32 {
            at + offset < bytes.count ? UInt32(bytes[at + offset]) & 0x3F : 0
        }
        if first < 0xE0 { return ((first & 0x1F) << 6 | tail(1), min(2, bytes.count - at)) }
        if first < 0xF0 {
            return ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), min(3, bytes.count - at))
        }
        let value = (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
        return (min(value, 0x10FFFF), min(4, bytes.count - at))
    }

    /// Where the scalar that ends before `end` begins.
    @inline(__always)
    static func start(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
        var at = end - 1
        while at > 0, bytes[at] & 0xC0 == 0x80 { at -= 1 }
        return at
    }

    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        case ..<0x10000:
            bytes.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }

    static func encoded(_ scalar: Unicode.Scalar) -> [UInt8] {
        var bytes: [UInt8] = []
        append(scalar.value, to: &bytes)
        return bytes
    }
}
