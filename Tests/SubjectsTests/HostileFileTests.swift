import Foundation
import LinearAlgebra
import ReaderFuzzing
import SubjectMaterial
import Subjects
import Testing

/// Files made to cost more than their size: each is refused soon. All but the last once took minutes,
/// or memory without bounds.
@Suite(.timeLimit(.minutes(1))) struct HostileFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ text: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "X")] + withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) }
            + text
    }

    private func refusal(pickle: [UInt8]) throws -> String {
        let zip = ZipBytes(entries: [
            ("a/data.pkl", [0x80, 2] + pickle), ("a/byteorder", Array("little".utf8)),
        ])
        let path = try folder.write("h.pt", zip.bytes)
        return message { _ = try PublishedAutoencoder(path: path) }
    }

    /// A key was hashed anew each time the storage was named.
    @Test func refusesLongStorageKeys_whenNamedManyTimes() throws {
        let identity =
            Array("((".utf8) + text(Array("storage".utf8)) + Array("ctorch\nFloatStorage\n".utf8)
            + text([UInt8](repeating: 0x6B, count: 300_000)) + text(Array("cpu".utf8))
            + [0x4B, 1, 0x74, 0x71, 0]
        let names = [[UInt8]](repeating: [0x68, 0, 0x51], count: 100_000).flatMap { $0 }
        let refused = try refusal(pickle: identity + names + Array("t.".utf8))
        #expect(refused.contains("a persistent id that is no storage"))
    }

    /// Each member of a dictionary carried the names of those round it.
    @Test func refusesLongNames_whenRoundManyMembers() throws {
        let members = (0..<60_000).flatMap { n -> [UInt8] in
            text(Array("\(n)".utf8)) + [0x4B, 1]
        }
        let inner: [UInt8] = Array("}(".utf8) + members + Array("u".utf8)
        let name = text([UInt8](repeating: 0x70, count: 500_000))
        let refused = try refusal(pickle: Array("}".utf8) + name + inner + Array("s.".utf8))
        #expect(refused.contains("has a name of more than 1024 bytes"))
    }

    /// The map was searched from its start for each of its tensors.
    @Test func readsAnIndex_whenItHasManyTensors() throws {
        let copy = try ModelCopy("qwen3")
        try FileManager.default.removeItem(atPath: copy.path + "/model.safetensors")
        let names = (0..<60_000).map { "t\($0)" }
        let entries = names.map {
            "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"
        }
        try copy.folder.write(
            "s.safetensors",
            TensorFile.bytes(header: "{\(entries.joined(separator: ","))}", data: []))
        let map = names.map { "\"\($0)\":\"s.safetensors\"" }.joined(separator: ",")
        try copy.folder.write("model.safetensors.index.json", "{\"weight_map\":{\(map)}}")
        let refused = message { _ = try Transformer(folder: copy.path) }
        #expect(refused.contains("is absent; save the whole model"))
    }

    /// Tables were made as the header asks before the file's size was looked at.
    @Test func refusesACheckpoint_whenItIsAllHeader() throws {
        let header: [Int32] = [1 << 20, 1 << 20, 4096, 1, 1, 1 << 24, 1 << 24]
        let bytes = header.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
        let path = try folder.write("head.bin", bytes)
        let refused = message { _ = try Transformer(llama2Checkpoint: path) }
        #expect(refused.contains("has 28 bytes, the header asks for"))
    }
}
