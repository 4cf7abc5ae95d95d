import Foundation
import LinearAlgebra
import Testing

import ReaderFuzzing
import SubjectMaterial
@testable import Subjects

/// Writes pickles of protocol 2, right or wrong on purpose.
struct PickleBytes {
    var bytes: [UInt8] = [0x80, 2]

    mutating func opcode(_ character: Character) { bytes += Array(String(character).utf8) }

    mutating func text(_ text: String) {
        opcode("X")
        withUnsafeBytes(of: UInt32(text.utf8.count)) { bytes += $0 }
        bytes += Array(text.utf8)
    }

    mutating func integer(_ value: Int) {
        opcode("J")
        withUnsafeBytes(of: Int32(value)) { bytes += $0 }
    }

    mutating func global(_ module: String, _ name: String) {
        bytes += Array("c\(module)\n\(name)\n".utf8)
    }

    mutating func tuple(_ values: [Int]) {
        opcode("(")
        for value in values { integer(value) }
        opcode("t")
    }

    mutating func tensor(
        _ key: String, count: Int, type: String = "FloatStorage", offset: Int = 0, shape: [Int],
        strides: [Int]
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        opcode("(")
        opcode("(")
        text("storage")
        global("torch", type)
        text(key)
        text("cpu")
        integer(count)
        opcode("t")
        opcode("Q")
        integer(offset)
        tuple(shape)
        tuple(strides)
        bytes.append(0x89)
        global("collections", "OrderedDict")
        opcode(")")
        opcode("R")
        opcode("t")
        opcode("R")
    }
}

@Suite struct TorchFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ storage: [UInt8] = [], _ body: (inout PickleBytes) -> Void
    ) throws -> TorchFile {
        var pickle = PickleBytes()
        pickle.opcode("}")
        pickle.text("w")
        body(&pickle)
        pickle.opcode("s")
        pickle.opcode(".")
        let zip = ZipBytes(entries: [
            ("a/data.pkl", pickle.bytes), ("a/byteorder", Array("little".utf8)),
            ("a/data/0", storage),
        ])
        return try TorchFile(path: try folder.write("x.pt", zip.bytes))
    }

    private func bytes(_ values: [Float]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    @Test func readsStridesAndOffsets() throws {
        let storage = bytes((0..<12).map { Float($0) })
        func floats(_ offset: Int, _ shape: [Int], _ strides: [Int]) throws -> [Float] {
            let file = try read(storage) {
                $0.tensor("0", count: 12, offset: offset, shape: shape, strides: strides)
            }
            return try file.floats("w", shape: shape)
        }
        #expect(try floats(0, [3, 4], [4, 1]) == (0..<12).map { Float($0) })
        #expect(try floats(0, [4, 3], [1, 4]) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(try floats(2, [5], [2]) == [2, 4, 6, 8, 10])
        #expect(try floats(11, [], []) == [11])
        #expect(try floats(0, [2, 3], [0, 1]) == [0, 1, 2, 0, 1, 2])
        #expect(try floats(0, [0, 3], [3, 1]) == [])
        #expect(try floats(1, [2, 1, 3], [3, 99, 1]) == [1, 2, 3, 4, 5, 6])
    }

    @Test(
        arguments: [
            ("DoubleStorage", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]), ("HalfStorage", [0x00, 0x3E]),
            ("BFloat16Storage", [0xC0, 0x3F]), ("LongStorage", [7, 0, 0, 0, 0, 0, 0, 0]),
            ("IntStorage", [0xFE, 0xFF, 0xFF, 0xFF]), ("ShortStorage", [3, 0]),
            ("CharStorage", [0xFF]),
            ("ByteStorage", [0xFF]), ("BoolStorage", [1]),
        ] as [(String, [UInt8])])
    func readsElements(type: String, storage: [UInt8]) throws {
        let expected: [String: Float] = [
            "DoubleStorage": 1.5, "HalfStorage": 1.5, "BFloat16Storage": 1.5, "LongStorage": 7,
            "IntStorage": -2, "ShortStorage": 3, "CharStorage": -1, "ByteStorage": 255,
            "BoolStorage": 1,
        ]
        let file = try read(storage) {
            $0.tensor("0", count: 1, type: type, shape: [1], strides: [1])
        }
        #expect(try file.floats("w", shape: [1]) == [try #require(expected[type])])
    }

    @Test func refusesWhatCouldRunCode_byName() throws {
        func refusal(_ body: (inout PickleBytes) -> Void) -> String {
            message { _ = try read([], body) }
        }
        let system = refusal {
            $0.global("os", "system")
            $0.opcode("(")
            $0.text("true")
            $0.opcode("t")
            $0.opcode("R")
        }
        #expect(system.contains("the global os.system, which is never carried out"))
        for name in ["_rebuild_parameter", "_rebuild_tensor", "_rebuild_qtensor"] {
            #expect(refusal { $0.global("torch._utils", name) }.contains("torch._utils.\(name)"))
        }
        #expect(refusal { $0.global("torch", "ComplexFloatStorage") }.contains("ComplexFloat"))
        for (byte, name) in [
            (0x69, "INST"), (0x6F, "OBJ"), (0x81, "NEWOBJ"), (0x93, "STACK_GLOBAL"),
            (0x82, "EXT1"), (0x8C, "SHORT_BINUNICODE"), (0x32, "DUP"), (0xFF, "0xff"),
        ] as [(UInt8, String)] {
            #expect(refusal { $0.bytes.append(byte) }.contains("the opcode \(name),"))
        }
        let called = refusal {
            $0.global("torch", "FloatStorage")
            $0.opcode(")")
            $0.opcode("R")
        }
        #expect(called.contains("a call of torch.FloatStorage"))
        let attributes = refusal {
            $0.opcode("}")
            $0.opcode("}")
            $0.opcode("b")
        }
        #expect(attributes.contains("attributes of an object"))
    }

    @Test func namesTheFlaw_whenATensorLeavesItsStorage() throws {
        let storage = bytes([1, 2, 3, 4])
        func refusal(_ offset: Int, _ shape: [Int], _ strides: [Int], count: Int = 4) -> String {
            message {
                _ = try read(storage) {
                    $0.tensor("0", count: count, offset: offset, shape: shape, strides: strides)
                }
            }
        }
        #expect(refusal(0, [2, 2], [2, 1]) == "no error")
        #expect(refusal(1, [2, 2], [2, 1]).contains("leaves its storage"))
        #expect(refusal(0, [2, 2], [1 << 30, 1]).contains("leaves its storage"))
        #expect(refusal(0, [1 << 30, 1 << 30, 1 << 30], [0, 0, 0]).contains("shape"))
        #expect(refusal(0, [1 << 30], [0]).contains("leaves its storage"))
        #expect(refusal(0, [4], [-1]).contains("builds a tensor from something else"))
        #expect(refusal(-1, [4], [1]).contains("builds a tensor from something else"))
        #expect(refusal(0, [5], [1], count: 5).contains("16 bytes where 5 elements take 20"))
        let elsewhere = message {
            _ = try read(storage) { $0.tensor("7", count: 4, shape: [4], strides: [1]) }
        }
        #expect(elsewhere.contains("the storage \"7\", which is not there"))
        let infinite = try read(bytes([1, .infinity])) {
            $0.tensor("0", count: 2, shape: [2], strides: [1])
        }
        #expect(message { _ = try infinite.floats("w", shape: [2]) }.contains("NaN at element 1"))
    }

    @Test func namesTheFlaw_whenTheZipIsNoneOfTorchs() throws {
        func refusal(_ zip: ZipBytes) throws -> String {
            let path = try folder.write("z.pt", zip.bytes)
            return message { _ = try TorchFile(path: path) }
        }
        #expect(try refusal(ZipBytes(entries: [("a", [1])])).contains("has no data.pkl"))
        let twice = ZipBytes(entries: [("a", [1]), ("a", [2])])
        #expect(try refusal(twice).contains("has the entry \"a\" twice"))
        let packed = ZipBytes(entries: [("a/data.pkl", [1])], method: 8)
        #expect(try refusal(packed).contains("is deflated, where only stored entries are read"))
        let odd = ZipBytes(entries: [("a/data.pkl", [1])], method: 12)
        #expect(try refusal(odd).contains("is compressed by method 12, only deflate (8) is read"))
        let big = ZipBytes(entries: [
            ("a/data.pkl", [0x80, 2, 0x7D, 0x2E]), ("a/byteorder", Array("big".utf8)),
        ])
        #expect(try refusal(big).contains("is not \"little\""))
        let path = try folder.write("no.pt", "GGUF and more")
        #expect(message { _ = try TorchFile(path: path) }.contains("neither a zip file nor"))
    }

    /// Nesting without end must not exhaust the stack, and sharing must not multiply work.
    @Test func survivesDepthAndSharing() throws {
        let deep = message {
            _ = try read { pickle in
                for _ in 0..<300_000 { pickle.opcode("]") }
                for _ in 0..<299_999 { pickle.opcode("a") }
            }
        }
        #expect(deep == "no error")
        let shared = message {
            _ = try read { pickle in
                pickle.bytes += [0x7D, 0x71, 1]
                for n in 0..<1000 {
                    pickle.text("k\(n)")
                    pickle.bytes += [0x68, 1]
                    pickle.opcode("s")
                }
            }
        }
        #expect(shared.contains("or one in two places"))
    }
}
