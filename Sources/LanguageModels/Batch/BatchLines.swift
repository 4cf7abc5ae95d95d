/// Divides bytes that come in any pieces into lines, and holds no line longer than a bound.
struct BatchLines {
    let limit: Int
    /// Lines that were longer; they are passed over, for the lines after them are as good as ever.
    private(set) var refused = 0
    private var line: [UInt8] = []
    private var isPassingOver = false

    init(limit: Int) { self.limit = limit }

    /// - Returns: the lines that these bytes end, empty ones left out.
    mutating func feed(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            add(rest[..<end])
            if let line = finish() { lines.append(line) }
            rest = rest[(end + 1)...]
        }
        add(rest)
        return lines
    }

    /// - Returns: the last line, where no line feed ended it.
    mutating func finish() -> [UInt8]? {
        defer {
            line = []
            isPassingOver = false
        }
        return line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 } ? nil : line
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        guard !isPassingOver else { return }
        if line.count + bytes.count > limit {
            refused += 1
            isPassingOver = true
            line = []
        } else {
            line += bytes
        }
    }
}
