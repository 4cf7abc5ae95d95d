/// Writes zip files of stored entries, or of such that say they are packed.
public struct ZipBytes {
    public var entries: [(name: String, bytes: [UInt8])]
    /// How the entries say they are packed; 0 is stored.
    public var method: UInt16

    public init(entries: [(name: String, bytes: [UInt8])] = [], method: UInt16 = 0) {
        self.entries = entries
        self.method = method
    }

    private func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    public var bytes: [UInt8] {
        var result: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let place = UInt32(result.count)
            let (name, size) = (Array(entry.name.utf8), UInt32(entry.bytes.count))
            var fields: [UInt8] = []
            for value in [20, 0, method, 0, 0] as [UInt16] { append(value, to: &fields) }
            for value in [0, size, size] as [UInt32] { append(value, to: &fields) }
            append(UInt16(truncatingIfNeeded: name.count), to: &fields)
            append(UInt16(0), to: &fields)
            append(UInt32(0x0403_4B50), to: &result)
            result += fields + name + entry.bytes
            append(UInt32(0x0201_4B50), to: &directory)
            append(UInt16(20), to: &directory)
            directory += fields + [UInt8](repeating: 0, count: 10)
            append(place, to: &directory)
            directory += name
        }
        let start = UInt32(result.count)
        result += directory
        append(UInt32(0x0605_4B50), to: &result)
        append(UInt32(0), to: &result)
        for _ in 0..<2 { append(UInt16(truncatingIfNeeded: entries.count), to: &result) }
        append(UInt32(directory.count), to: &result)
        append(start, to: &result)
        append(UInt16(0), to: &result)
        return result
    }
}
