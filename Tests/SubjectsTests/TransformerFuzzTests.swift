import Foundation
import LinearAlgebra
import Subjects
import Testing

/// Thousands of damaged configurations and indices: each gives a typed error or a model that runs.
@Suite(.serialized) struct TransformerFuzzTests {
    private static let odd = [
        "null", "true", "false", "0", "-1", "1", "2", "3", "7", "0.5", "1e-300", "1e300", "-0.0",
        "65536", "16777216", "2147483648", "4294967296", "9223372036854775807",
        "99999999999999999999", "\"\"", "\"default\"", "\"linear\"", "\"llama3\"", "\"gelu\"",
        "\"full_attention\"", "\"../x\"", "[]", "[0]", "[\"sliding_attention\"]", "{}",
        "{\"factor\":2}", "{\"rope_type\":\"llama3\"}",
    ]

    /// Damages a text in one of several ways, some of which keep it JSON.
    private func damage(_ text: [UInt8], _ g: inout SeededGenerator) -> [UInt8] {
        var bytes = text
        for _ in 0..<1 + g.below(3) {
            switch g.below(6) {
            case 0:
                bytes[g.below(bytes.count)] ^= UInt8(1 << g.below(8))
            case 1:
                let first = g.below(bytes.count)
                bytes.removeSubrange(first..<min(bytes.count - 1, first + 1 + g.below(8)))
            default:
                // The value after some colon, up to the next comma or bracket.
                let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
                guard !colons.isEmpty else { continue }
                let colon = colons[g.below(colons.count)]
                let end =
                    bytes[(colon + 1)...].firstIndex { Array(",}]\n".utf8).contains($0) }
                    ?? bytes.count
                let value = Self.odd[g.below(Self.odd.count)]
                bytes.replaceSubrange(colon + 1..<end, with: Array(value.utf8))
            }
            if bytes.count < 2 { return bytes }
        }
        return bytes
    }

    /// How many kilobytes the process has held at most.
    private var peak: Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    /// Whether the folder is a model; anything but a typed error or results of the right size fails.
    private func loads(_ path: String) -> Bool {
        do {
            let model = try Transformer(folder: path)
            let length = min(5, model.configuration.contextLength)
            let tokens = [Int](repeating: 0, count: length)
            let result = try model.forward([tokens], ForwardRequest(logits: .all))
            let count = result.logits?.values.storage.count
            #expect(count == length * model.configuration.vocabularySize)
            return true
        } catch {
            #expect(!error.description.isEmpty)
            return false
        }
    }

    @Test(arguments: RecordedModel.decoders)
    func damagedConfigurations_areRefusedOrRun(name: String) throws {
        let copy = try ModelCopy(name)
        let own = try Data(contentsOf: URL(fileURLWithPath: copy.path + "/config.json"))
        let before = peak
        var loaded = 0
        for seed in UInt64(0)..<300 {
            var g = SeededGenerator(seed: seed)
            try copy.folder.write("config.json", damage(Array(own), &g))
            if loads(copy.path) { loaded += 1 }
        }
        #expect(loaded > 0 && loaded < 270, "\(name): \(loaded) of 300 loaded")
        #expect(peak - before < 400_000, "\(name): \(peak - before) kB more")
    }

    @Test func damagedIndices_areRefusedOrRun() throws {
        let copy = try ModelCopy("qwen3")
        try copy.shard(into: 2)
        let file = copy.path + "/model.safetensors.index.json"
        let own = try Data(contentsOf: URL(fileURLWithPath: file))
        let before = peak
        var loaded = 0
        for seed in UInt64(0)..<600 {
            var g = SeededGenerator(seed: seed)
            try copy.folder.write("model.safetensors.index.json", damage(Array(own), &g))
            if loads(copy.path) { loaded += 1 }
        }
        #expect(loaded < 540, "\(loaded) of 600 loaded")
        #expect(peak - before < 400_000)
    }
}
