/// The entries of a zip file, stored or deflated, in the form of 32 or of 64 bits.
///
/// Names, sizes and places are those of the central directory, all checked against the file. Refused
/// by name: other compression, encryption, more than one disk, a name that occurs twice, and entries
/// that share bytes (so that a small file cannot hold the same bytes many times over). Deflated
/// entries are checked against their checksum, stored ones are not.
///
/// - Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive {
    /// Where an entry's bytes lie in the file, and what they hold.
    struct Entry {
        /// The bytes as they are in the file.
        let bytes: Range<Int>
        /// Whether they are deflated.
        let isDeflated: Bool
        /// How many bytes they hold.
        let size: Int
        /// The checksum of those, CRC-32.
        let checksum: UInt32
    }

    let entries: [String: Entry]
    /// The names, in the order of the central directory.
    let names: [String]

    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let localSignature: UInt32 = 0x0403_4B50
    /// No stream of deflate holds more bytes than this for each of its own.
    private static let greatestRatio = 1032

    /// Whether the bytes begin as a zip file's do.
    static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && number(bytes, 0, UInt32.self) == Int(localSignature)
    }

    init(bytes: UnsafeRawBufferPointer, path: String) throws(SubjectError) {
        func flaw(_ place: String, _ reason: String) -> SubjectError {
            .malformedFile(path: path, place: place, reason: reason)
        }
        let directory = try ZipDirectory(bytes, flaw)
        var entries: [String: Entry] = [:]
        var names: [String] = []
        var place = directory.start
        for _ in 0..<directory.count {
            let (name, entry) = try Self.entry(bytes, at: &place, before: directory.end, flaw)
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw flaw("the zip file", "has the entry \"\(name.prefix(80))\" twice")
            }
            names.append(name)
        }
        let places = entries.values.map(\.bytes).filter { !$0.isEmpty }
            .sorted { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(places, places.dropFirst())
        where next.lowerBound < one.upperBound {
            throw flaw("the zip file", "has entries that share bytes")
        }
        self.entries = entries
        self.names = names
    }

    /// Where a stored entry's bytes lie; nil if there is none of that name.
    func stored(_ name: String, path: String) throws(SubjectError) -> Range<Int>? {
        guard let entry = entries[name] else { return nil }
        guard !entry.isDeflated else {
            throw .malformedFile(
                path: path, place: "entry \"\(name.prefix(80))\"",
                reason: "is deflated, where only stored entries are read;")
        }
        return entry.bytes
    }

    /// Reads one record of the central directory, and moves `place` behind it.
    private static func entry(
        _ bytes: UnsafeRawBufferPointer, at place: inout Int, before end: Int,
        _ flaw: (String, String) -> SubjectError
    ) throws(SubjectError) -> (String, Entry) {
        guard end - place >= 46, number(bytes, place, UInt32.self) == Int(entrySignature) else {
            throw flaw("the zip file's directory", "is cut off")
        }
        let start = place
        let lengths = [28, 30, 32].map { number(bytes, start + $0, UInt16.self) }
        guard lengths.reduce(46, +) <= end - start else {
            throw flaw("the zip file's directory", "is cut off")
        }
        place += lengths.reduce(46, +)
        let name = String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[start + 46..<start + 46 + lengths[0]]),
            as: UTF8.self)
        let title = "entry \"\(name.prefix(80))\""
        guard number(bytes, start + 8, UInt16.self) & 1 == 0 else {
            throw flaw(title, "is encrypted")
        }
        let method = number(bytes, start + 10, UInt16.self)
        guard method == 0 || method == 8 else {
            throw flaw(title, "is compressed by method \(method), only deflate (8) is read;")
        }
        let extra = start + 46 + lengths[0]..<start + 46 + lengths[0] + lengths[1]
        let numbers = try ZipNumbers(bytes, record: start, extra: extra) { flaw(title, $0) }
        guard method == 8 || numbers.size == numbers.packedSize else {
            throw flaw(title, "is stored but has two sizes")
        }
        let range = try content(bytes, numbers, before: end) { flaw(title, $0) }
        guard method == 0 || numbers.size / greatestRatio <= range.count else {
            throw flaw(
                title, "should hold \(numbers.size) bytes, more than \(range.count) can deflate to")
        }
        return (
            name,
            Entry(
                bytes: range, isDeflated: method == 8, size: numbers.size,
                checksum: UInt32(number(bytes, start + 16, UInt32.self)))
        )
    }

    /// Where the bytes of an entry lie, behind its own header.
    private static func content(
        _ bytes: UnsafeRawBufferPointer, _ numbers: ZipNumbers, before end: Int,
        _ flaw: (String) -> SubjectError
    ) throws(SubjectError) -> Range<Int> {
        let (local, size) = (numbers.local, numbers.packedSize)
        guard local <= end - 30, number(bytes, local, UInt32.self) == Int(localSignature) else {
            throw flaw("has no header where the directory says")
        }
        let start =
            local + 30 + number(bytes, local + 26, UInt16.self)
            + number(bytes, local + 28, UInt16.self)
        guard start <= end, size <= end - start else {
            throw flaw("of \(size) bytes is cut off")
        }
        return start..<start + size
    }

    /// A number of the file, its low byte first; one of 64 bits must be below 2⁶².
    static func number<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ type: T.Type
    ) -> Int {
        let value = T(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: type))
        // What is larger is cut off in any file that there can be.
        return Int(clamping: min(UInt64(value), 1 << 62))
    }
}
