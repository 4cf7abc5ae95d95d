import Foundation
import LinearAlgebra
import Testing

import ReaderFuzzing
import SubjectMaterial
@testable import Subjects

/// Zip files with deflated entries and with records of 64 bits.
@Suite struct ZipFormsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let header =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }   \n"

    /// An array of three bytes.
    private var array: [UInt8] {
        [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(Self.header.utf8.count), 0]
            + Array(Self.header.utf8) + [7, 8, 9]
    }

    private func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    /// One stored entry whose sizes and place, and the directory's, are in the 64-bit records.
    private func wide(_ content: [UInt8], count: UInt64 = 1, lacksNumbers: Bool = false) -> [UInt8]
    {
        var bytes: [UInt8] = []
        var fields: [UInt8] = []
        for value in [45, 0, 0, 0, 0] as [UInt16] { append(value, to: &fields) }
        for value in [0, .max, .max] as [UInt32] { append(value, to: &fields) }
        append(UInt16(5), to: &fields)
        append(UInt32(0x0403_4B50), to: &bytes)
        bytes += fields + [20, 0] + Array("a.npy".utf8)
        for value in [1, 16] as [UInt16] { append(value, to: &bytes) }
        for _ in 0..<2 { append(UInt64(content.count), to: &bytes) }
        bytes += content
        let start = UInt64(bytes.count)
        append(UInt32(0x0201_4B50), to: &bytes)
        bytes += [45, 0] + fields + [28, 0] + [UInt8](repeating: 0, count: 10)
        append(UInt32.max, to: &bytes)
        bytes += Array("a.npy".utf8)
        for value in [1, lacksNumbers ? 16 : 24] as [UInt16] { append(value, to: &bytes) }
        for value in [UInt64(content.count), UInt64(content.count), 0] { append(value, to: &bytes) }
        let end = UInt64(bytes.count)
        append(UInt32(0x0606_4B50), to: &bytes)
        append(UInt64(44), to: &bytes)
        bytes += [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
        for value in [count, count, end - start, start] { append(value, to: &bytes) }
        append(UInt32(0x0706_4B50), to: &bytes)
        append(UInt32(0), to: &bytes)
        append(end, to: &bytes)
        append(UInt32(1), to: &bytes)
        append(UInt32(0x0605_4B50), to: &bytes)
        append(UInt32(0), to: &bytes)
        for _ in 0..<2 { append(UInt16.max, to: &bytes) }
        for _ in 0..<2 { append(UInt32.max, to: &bytes) }
        return bytes + [0, 0]
    }

    private func read(_ bytes: [UInt8]) throws -> NumPyArchive {
        try NumPyArchive(path: try folder.write("x.npz", bytes))
    }

    @Test func readsRecordsOf64Bits() throws {
        #expect(try read(wide(array)).floats("a", shape: [3]) == [7, 8, 9])
    }

    @Test func refusesRecordsOf64Bits_whenTheyAreDamaged() throws {
        let lacking = message { _ = try read(wide(array, lacksNumbers: true)) }
        #expect(lacking.contains("lacks one of its 64-bit numbers"))
        let many = message { _ = try read(wide(array, count: 1 << 40)) }
        #expect(many.contains("the zip file's directory is cut off"))
        var bytes = wide(array)
        bytes[bytes.count - 42] ^= 1
        #expect(message { _ = try read(bytes) }.contains("no place for its end record of 64 bits"))
    }

    private func compressed() throws -> [UInt8] {
        let path = PublishedParityTests.fixtures + "gemma-scope-compressed/params.npz"
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func refusesADeflatedArray_whenAByteOfItChanged() throws {
        let original = try compressed()
        #expect(try read(original).floats("threshold", shape: [40]).allSatisfy { $0 == 0.25 })
        var refused = 0
        var g = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            var bytes = original
            bytes[60 + g.below(original.count - 700)] ^= 1 << UInt8(g.below(8))
            let path = try folder.write("x.npz", bytes)
            do throws(SubjectError) {
                let file = try NumPyArchive(path: path)
                for name in file.tensorNames {
                    guard let shape = file.shape(of: name) else { continue }
                    _ = try file.floats(name, shape: shape)
                }
            } catch {
                refused += 1
            }
        }
        // Some bytes, such as those of the entries' own headers, are not read.
        #expect(refused > 160)
    }

    @Test func refusesSizes_whenDeflateCannotReachThem() throws {
        var bytes = try compressed()
        let mark: [UInt8] = [0x50, 0x4B, 1, 2]
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: mark) })
        bytes.replaceSubrange(place + 24..<place + 28, with: [0, 0, 0, 0x70])
        #expect(message { _ = try read(bytes) }.contains("can deflate to"))
    }

    @Test func refusesEntries_whenTheyShareBytes() throws {
        var bytes = ZipBytes(entries: [("a.npy", array), ("b.npy", array)]).bytes
        let mark: [UInt8] = [0x50, 0x4B, 1, 2]
        let places = bytes.indices.filter { bytes[$0...].starts(with: mark) }
        bytes.replaceSubrange(places[1] + 42..<places[1] + 46, with: [0, 0, 0, 0])
        #expect(message { _ = try read(bytes) }.contains("has entries that share bytes"))
    }
}
