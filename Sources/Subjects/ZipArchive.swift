/// The entries of a zip file that are stored as they are, which is how torch and numpy write them.
///
/// Names, sizes and places are those of the central directory, all checked against the file. Refused
/// by name: compression, encryption, zip64 (over 4 GiB), more than one disk, and a name that occurs
/// twice. Checksums are not computed.
///
/// - Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
struct ZipArchive {
    /// Where each entry's bytes lie in the file.
    let entries: [String: Range<Int>]
    /// The names, in the order of the central directory.
    let names: [String]

    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let localSignature: UInt32 = 0x0403_4B50
    private static let endSignature: UInt32 = 0x0605_4B50

    /// Whether the bytes begin as a zip file's do.
    static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && number(bytes, 0, UInt32.self) == Int(localSignature)
    }

    init(bytes: UnsafeRawBufferPointer, path: String) throws(SubjectError) {
        func flaw(_ place: String, _ reason: String) -> SubjectError {
            .malformedFile(path: path, place: place, reason: reason)
        }
        guard let end = Self.end(of: bytes) else {
            throw flaw("the zip file", "has no end record: it is cut off or no zip file")
        }
        let disks = [end + 4, end + 6].map { Self.number(bytes, $0, UInt16.self) }
        let count = Self.number(bytes, end + 10, UInt16.self)
        let size = Self.number(bytes, end + 12, UInt32.self)
        let start = Self.number(bytes, end + 16, UInt32.self)
        guard disks == [0, 0], count == Self.number(bytes, end + 8, UInt16.self) else {
            throw flaw("the zip file", "is one part of several")
        }
        guard count < 0xFFFF, size < 0xFFFF_FFFF, start < 0xFFFF_FFFF else {
            throw flaw("the zip file", "is in zip64 form, which is not read")
        }
        guard start <= end, size <= end - start else {
            throw flaw("the zip file's directory", "does not lie within the file")
        }
        var entries: [String: Range<Int>] = [:]
        var names: [String] = []
        var place = start
        for _ in 0..<count {
            let entry = try Self.entry(bytes, at: &place, before: end, flaw)
            guard entries.updateValue(entry.bytes, forKey: entry.name) == nil else {
                throw flaw("the zip file", "has the entry \"\(entry.name)\" twice")
            }
            names.append(entry.name)
        }
        self.entries = entries
        self.names = names
    }

    /// Reads one record of the central directory, and moves `place` behind it.
    private static func entry(
        _ bytes: UnsafeRawBufferPointer, at place: inout Int, before end: Int,
        _ flaw: (String, String) -> SubjectError
    ) throws(SubjectError) -> (name: String, bytes: Range<Int>) {
        guard end - place >= 46, number(bytes, place, UInt32.self) == Int(entrySignature) else {
            throw flaw("the zip file's directory", "is cut off")
        }
        let lengths = [28, 30, 32].map { number(bytes, place + $0, UInt16.self) }
        guard lengths.reduce(46, +) <= end - place else {
            throw flaw("the zip file's directory", "is cut off")
        }
        let name = String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[place + 46..<place + 46 + lengths[0]]),
            as: UTF8.self)
        let title = "entry \"\(name.prefix(80))\""
        guard number(bytes, place + 8, UInt16.self) & 1 == 0 else {
            throw flaw(title, "is encrypted")
        }
        let method = number(bytes, place + 10, UInt16.self)
        guard method == 0 else {
            let called = method == 8 ? "deflated" : "compressed by method \(method)"
            throw flaw(title, "is \(called), only stored entries are read;")
        }
        let size = number(bytes, place + 24, UInt32.self)
        guard size == number(bytes, place + 20, UInt32.self) else {
            throw flaw(title, "is stored but has two sizes")
        }
        let local = number(bytes, place + 42, UInt32.self)
        place += lengths.reduce(46, +)
        return (name, try content(bytes, at: local, size, before: end) { flaw(title, $0) })
    }

    /// Where the bytes of an entry lie whose own header is at `local`.
    private static func content(
        _ bytes: UnsafeRawBufferPointer, at local: Int, _ size: Int, before end: Int,
        _ flaw: (String) -> SubjectError
    ) throws(SubjectError) -> Range<Int> {
        guard size < 0xFFFF_FFFF, local < 0xFFFF_FFFF else {
            throw flaw("is in zip64 form, which is not read")
        }
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

    /// The end record is the last thing but for a comment of up to 65535 bytes.
    private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 22 else { return nil }
        var place = bytes.count - 22
        let last = max(0, place - 0xFFFF)
        while place >= last {
            if number(bytes, place, UInt32.self) == Int(endSignature),
                number(bytes, place + 20, UInt16.self) == bytes.count - place - 22
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    private static func number<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ type: T.Type
    ) -> Int {
        Int(T(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: type)))
    }
}
