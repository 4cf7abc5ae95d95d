import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@testable import Dictionaries

@Suite struct ActivationFileTests {
    private let folder: TemporaryFolder
    private let table: Matrix

    init() throws {
        folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 2)
        // Numbers that 16 bits hold.
        table = Matrix(
            rows: 1_000, columns: 6,
            storage: (0..<6_000).map { _ in Float(generator.below(400) - 200) / 8 })
    }

    private func npy(_ type: String, _ shape: String, _ data: [UInt8], isFortran: Bool = false)
        -> [UInt8]
    {
        let header =
            "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(shape), }\n"
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        withUnsafeBytes(of: UInt16(header.utf8.count)) { bytes += $0 }
        return bytes + Array(header.utf8) + data
    }

    private var wide: [UInt8] {
        table.storage.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    private var narrow: [UInt8] {
        table.storage.flatMap { value in withUnsafeBytes(of: Float16(value)) { Array($0) } }
    }

    private func file(_ name: String, _ bytes: [UInt8], tensor: String? = nil) throws
        -> ActivationFile
    {
        try ActivationFile(
            path: folder.write(name, bytes), tensor: tensor, hook: "blocks.1.hook_resid_post",
            plan: plan, threads: 1)
    }

    private var plan: TrainingPlan {
        TrainingPlan(
            latentCount: 12, architecture: .topK(k: 2), tokens: 4_000, batchSize: 100,
            heldOutShare: 0.2)
    }

    private func rows(_ source: ActivationFile) throws -> Set<[Float]> {
        var rows: Set<[Float]> = []
        for part in DataPart.allCases {
            let all = Array(0..<source.pieces(of: part).count)[...]
            try source.forEachRow(of: part, all) { rows.insert(Array($0)) }
        }
        return rows
    }

    @Test func givesEveryRowOnce_inEveryElementType() throws {
        let expected = Set((0..<1_000).map { Array(table.row($0)) })
        var half = TensorFile()
        half.add("a", table, .f16)
        var two = TensorFile()
        two.add("other", [1, 2, 3])
        two.add("rows", table)
        let sources = [
            try file("a.npy", npy("<f4", "(1000, 6)", wide)),
            try file("b.npy", npy("<f2", "(1000, 6)", narrow)),
            try file("c.safetensors", half.bytes),
            try file("d.safetensors", two.bytes, tensor: "rows"),
        ]
        for source in sources {
            #expect(source.width == 6)
            #expect(try rows(source) == expected)
            let counts = DataPart.allCases.map { source.pieces(of: $0).rowCount }
            #expect(counts.reduce(0, +) == 1_000)
            #expect((50..<400).contains(counts[1]))
        }
    }

    @Test func trainsOnAFile() throws {
        let source = try file("a.npy", npy("<f4", "(1000, 6)", wide))
        let trained = try DictionaryTraining(source: source, plans: [plan]).run()[0]
        let path = folder.path + "/sae"
        try trained.write(to: path)
        let read = try PublishedAutoencoder(path: path).autoencoder
        #expect(read.origin.hookName == "blocks.1.hook_resid_post")
        #expect(read.origin.modelName == nil)
        #expect(trained.quality.explainedVariance > 0)
    }

    @Test func refusesWhatIsNoTableOfFloats() throws {
        func refusal(_ bytes: [UInt8], _ name: String = "x.npy") -> String {
            message { _ = try file(name, bytes) }
        }
        #expect(refusal(npy("<f8", "(1000, 3)", wide)).contains("<f8"))
        #expect(refusal(npy("<f4", "(6000,)", wide)).contains("shape [6000]"))
        #expect(refusal(npy("<f4", "(1000, 7)", wide)).contains("takes 28000 bytes"))
        #expect(refusal(npy("<f4", "(1000, 6)", wide, isFortran: true)).contains("columns"))
        #expect(refusal(npy("<f4", "(0, 6)", [])).contains("shape [0, 6]"))
        #expect(
            refusal(npy("<f4", "(4611686018427387904, 4611686018427387904)", wide))
                .contains("impossible shape"))
        #expect(refusal(Array("no array".utf8)).contains("does not begin"))
        #expect(refusal([]).contains("does not begin"))
        var two = TensorFile()
        two.add("a", table)
        two.add("b", table)
        #expect(refusal(two.bytes, "y.safetensors").contains("which tensor"))
        #expect(
            message { _ = try file("y.safetensors", two.bytes, tensor: "c") }.contains("\"c\""))
    }

    @Test func saysThatAFileIsTooSmall_orHoldsNoNumbers() throws {
        let few = Array(wide.prefix(24 * 60))
        let text = message { _ = try file("few.npy", npy("<f4", "(60, 6)", few)) }
        #expect(text.contains("too small"))
        var broken = wide
        broken.replaceSubrange(0..<24_000, with: [UInt8](repeating: 0xFF, count: 24_000))
        let source = try file("nan.npy", npy("<f4", "(1000, 6)", broken))
        let training = try DictionaryTraining(source: source, plans: [plan])
        #expect(message { _ = try training.run() }.contains("no finite numbers"))
    }
}
