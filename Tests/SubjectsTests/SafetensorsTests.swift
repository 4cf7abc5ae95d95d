import Foundation
import LinearAlgebra
import Testing

import SubjectMaterial
@testable import Subjects

@Suite struct SafetensorsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ bytes: [UInt8]) throws -> String {
        let path = try folder.write("x.safetensors", bytes)
        let text = message { _ = try Safetensors(path: path) }
        #expect(text == "no error" || (text.hasPrefix(path) && !text.contains("\n")))
        return text
    }

    private func refusal(header: String, data: Int = 0) throws -> String {
        try refusal(TensorFile.bytes(header: header, data: [UInt8](repeating: 0, count: data)))
    }

    @Test func readsAllThreeTypes_andNotes() throws {
        var file = TensorFile()
        let values: [Float] = [0, 1, -2, 0.5, 1024, -0.25]
        file.add("a", values, shape: [2, 3])
        file.add("b", values, shape: [6], .f16)
        file.add("c", values, shape: [3, 2], .bf16)
        file.add("d", [], shape: [0, 4])
        file.add("e", [7], shape: [])
        let read = try Safetensors(path: try folder.write("x", file.bytes))
        #expect(read.entries.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(try read.matrix("a", rows: 2, columns: 3).storage == values)
        #expect(try read.floats("b", shape: [6]) == values)
        #expect(try read.floats("c", shape: [3, 2]) == values)
        #expect(try read.floats("d", shape: [0, 4]) == [])
        #expect(try read.floats("e", shape: []) == [7])
        let noted = TensorFile.bytes(header: #"{"__metadata__":{"format":"pt"}}"#, data: [])
        #expect(
            try Safetensors(path: try folder.write("y", noted)).metadata == ["format": "pt"])
    }

    @Test func namesTensorAndShapes_whenTheyAreNotAsAsked() throws {
        var file = TensorFile()
        file.add("a", [1, 2], shape: [2])
        file.add("b", [1, .infinity, 2], shape: [3])
        let path = try folder.write("x", file.bytes)
        let read = try Safetensors(path: path)
        #expect(
            message { _ = try read.floats("z", shape: [2, 3]) }
                == "\(path): tensor \"z\" of shape [2, 3] is absent; save the whole model, or "
                + "correct its configuration")
        let misshapen = message { _ = try read.floats("a", shape: [1, 2]) }
        #expect(misshapen.contains("has shape [2]") && misshapen.contains("asks for [1, 2]"))
        #expect(message { _ = try read.floats("b", shape: [3]) }.contains("NaN at element 1"))
        let integers = TensorFile.bytes(
            header: #"{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
            data: [UInt8](repeating: 0, count: 8))
        let other = try Safetensors(path: try folder.write("y", integers))
        #expect(message { _ = try other.floats("n", shape: [1]) }.contains("holds I64; convert"))
    }

    @Test func namesTheFlaw_whenTheFileIsBroken() throws {
        #expect(try refusal([]).contains("has 0 bytes"))
        #expect(try refusal([1, 2, 3]).contains("has 3 bytes"))
        #expect(try refusal([UInt8](repeating: 0xFF, count: 64)).contains("cut off or no safet"))
        #expect(try refusal(header: "{").contains("at byte"))
        #expect(try refusal(header: "[]").contains("not a JSON object"))
        #expect(try refusal(header: #"{"a":1}"#).contains("tensor \"a\""))
        func entry(_ name: String, _ shape: String, _ offsets: String, _ type: String = "F32")
            -> String
        {
            #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
        }
        func one(_ shape: String, _ offsets: String, _ type: String = "F32") throws -> String {
            try refusal(header: "{\(entry("a", shape, offsets, type))}", data: 16)
        }
        #expect(try one("[4]", "[0,16]") == "no error")
        #expect(try one("[4]", "[0,16]", "F128").contains("unknown element type \"F128\""))
        #expect(try one("[-4]", "[0,16]").contains("shape that is not"))
        #expect(try one("[4.0]", "[0,16]").contains("shape that is not"))
        #expect(try one("[4]", "[16,0]").contains("data_offsets"))
        #expect(try one("[4]", "[0,16,16]").contains("data_offsets"))
        #expect(try one("[5]", "[0,20]").contains("cut off"))
        #expect(try one("[5]", "[0,16]").contains("takes 20 bytes"))
        #expect(try one("[4611686018427387904,8]", "[0,16]").contains("impossible shape"))
        #expect(try one("[3]", "[4,16]").contains("leaves a hole"))
        #expect(try one("[3]", "[0,12]").contains("4 bytes that belong to no tensor"))
        let twice = "{\(entry("a", "[2]", "[0,8]")),\(entry("a", "[2]", "[8,16]"))}"
        #expect(try refusal(header: twice, data: 16).contains("\"a\" twice"))
        let overlap = "{\(entry("a", "[4]", "[0,16]")),\(entry("b", "[2]", "[8,16]"))}"
        #expect(try refusal(header: overlap, data: 16).contains("tensor \"b\" overlaps"))
    }

    @Test func namesThePath_whenThereIsNoFile() {
        let absent = message { _ = try Safetensors(path: folder.path + "/none") }
        #expect(absent.hasPrefix(folder.path + "/none: cannot be read (No such file"))
        let directory = message { _ = try Safetensors(path: folder.path) }
        #expect(directory.contains("not a regular file"))
    }

    /// Any bytes give a value or an error, and what can be read stays within the file.
    @Test(arguments: UInt64(0)..<40) func survivesMutations(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed)
        var file = TensorFile()
        for n in 0..<3 { file.add("tensor.\(n)", randomFloats(1 + g.below(9), &g)) }
        let original = file.bytes
        let printable = Array("{}[]\",:0123456789-.eE+ \\nulF32shapedtype_oft".utf8)
        for _ in 0..<50 {
            var bytes = original
            for _ in 0..<1 + g.below(4) {
                let place = g.below(bytes.count)
                switch g.below(5) {
                case 0: bytes[place] = UInt8(g.below(256))
                case 1: bytes[place] = printable[g.below(printable.count)]
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(printable[g.below(printable.count)], at: place)
                default: bytes.removeLast(min(bytes.count - 1, g.below(30)))
                }
            }
            let path = try folder.write("m", bytes)
            guard let read = try? Safetensors(path: path) else { continue }
            for entry in read.entries { _ = try? read.floats(entry.name, shape: entry.shape) }
        }
    }
}
