/// Where a zip file's central directory lies, by its end record or that of 64 bits.
struct ZipDirectory {
    let count: Int
    let start: Int
    /// What no entry and no record reaches: the first of the end records.
    let end: Int

    private static let endSignature = 0x0605_4B50
    private static let wideEndSignature = 0x0606_4B50
    private static let locatorSignature = 0x0706_4B50

    init(
        _ bytes: UnsafeRawBufferPointer, _ flaw: (String, String) -> SubjectError
    ) throws(SubjectError) {
        func number<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
            _ place: Int, _ type: T.Type
        ) -> Int { ZipArchive.number(bytes, place, type) }
        guard var end = Self.end(of: bytes) else {
            throw flaw("the zip file", "has no end record: it is cut off or no zip file")
        }
        var disks = [end + 4, end + 6].map { number($0, UInt16.self) }
        var counts = [end + 8, end + 10].map { number($0, UInt16.self) }
        var (size, start) = (number(end + 12, UInt32.self), number(end + 16, UInt32.self))
        if counts[1] == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            end = try Self.wideEnd(of: bytes, before: end, flaw)
            disks = [end + 16, end + 20].map { number($0, UInt32.self) }
            counts = [end + 24, end + 32].map { number($0, UInt64.self) }
            (size, start) = (number(end + 40, UInt64.self), number(end + 48, UInt64.self))
        }
        guard disks == [0, 0], counts[0] == counts[1] else {
            throw flaw("the zip file", "is one part of several")
        }
        guard start <= end, size <= end - start else {
            throw flaw("the zip file's directory", "does not lie within the file")
        }
        (count, self.start, self.end) = (counts[1], start, end)
    }

    /// The end record is the last thing but for a comment of up to 65535 bytes.
    private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 22 else { return nil }
        var place = bytes.count - 22
        let last = max(0, place - 0xFFFF)
        while place >= last {
            if ZipArchive.number(bytes, place, UInt32.self) == endSignature,
                ZipArchive.number(bytes, place + 20, UInt16.self) == bytes.count - place - 22
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    /// The end record of 64 bits, which a locator right before the other one leads to.
    private static func wideEnd(
        of bytes: UnsafeRawBufferPointer, before end: Int,
        _ flaw: (String, String) -> SubjectError
    ) throws(SubjectError) -> Int {
        let locator = end - 20
        guard locator >= 0, ZipArchive.number(bytes, locator, UInt32.self) == locatorSignature
        else { throw flaw("the zip file", "has no place for its end record of 64 bits") }
        let place = ZipArchive.number(bytes, locator + 8, UInt64.self)
        guard place <= locator - 56,
            ZipArchive.number(bytes, place, UInt32.self) == wideEndSignature
        else { throw flaw("the zip file", "has no end record of 64 bits where it should be") }
        return place
    }
}

/// The sizes and the place of an entry, from its record or where that has all bits set from the
/// extra field of 64-bit numbers.
struct ZipNumbers {
    let size: Int
    let packedSize: Int
    /// Where the entry's own header is.
    let local: Int

    /// - Parameters:
    ///   - record: where the entry's record in the directory begins.
    ///   - extra: where its extra fields lie.
    init(
        _ bytes: UnsafeRawBufferPointer, record: Int, extra: Range<Int>,
        _ flaw: (String) -> SubjectError
    ) throws(SubjectError) {
        // In the order in which the extra field has them.
        var numbers = [24, 20, 42].map { ZipArchive.number(bytes, record + $0, UInt32.self) }
        var place = extra.lowerBound
        while numbers.contains(0xFFFF_FFFF), extra.upperBound - place >= 4 {
            let length = ZipArchive.number(bytes, place + 2, UInt16.self)
            guard length <= extra.upperBound - place - 4 else { break }
            if ZipArchive.number(bytes, place, UInt16.self) == 1 {
                var at = place + 4
                for n in numbers.indices where numbers[n] == 0xFFFF_FFFF {
                    guard at + 8 <= place + 4 + length else {
                        throw flaw("lacks one of its 64-bit numbers")
                    }
                    numbers[n] = ZipArchive.number(bytes, at, UInt64.self)
                    at += 8
                }
                break
            }
            place += 4 + length
        }
        (size, packedSize, local) = (numbers[0], numbers[1], numbers[2])
    }
}
