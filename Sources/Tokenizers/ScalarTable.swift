/// A number for each Unicode scalar, in pages of 256 of which equal ones are kept once.
struct ScalarTable: Sendable {
    private let pages: [UInt16]
    private let values: [UInt32]

    /// - Parameter value: the number of a scalar; asked of assigned planes only, 0 elsewhere.
    init(_ value: (Unicode.Scalar) -> UInt32) {
        var pages = [UInt16](repeating: 0, count: 0x1100)
        var values = [UInt32](repeating: 0, count: 256)
        var known: [[UInt32]: UInt16] = [values: 0]
        for page in 0..<0x1100 where Self.mayBeAssigned(page) {
            let content = (0..<256).map { low in
                Unicode.Scalar(UInt32(page << 8 | low)).map(value) ?? 0
            }
            if let same = known[content] {
                pages[page] = same
            } else {
                pages[page] = UInt16(values.count >> 8)
                known[content] = pages[page]
                values += content
            }
        }
        self.pages = pages
        self.values = values
    }

    /// Planes 4 to 13 have never had a character; the last two are for private use.
    private static func mayBeAssigned(_ page: Int) -> Bool {
        page < 0x400 || (0xE00..<0xE10).contains(page) || page >= 0xF00
    }

    subscript(scalar: UInt32) -> UInt32 {
        values[Int(pages[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
    }
}
