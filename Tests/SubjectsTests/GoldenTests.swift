import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

private enum Example {
    static let folder = SharedData.packageRoot.appendingPathComponent("Examples/othello").path
    static let isThere = FileManager.default.fileExists(atPath: folder + "/model.safetensors")
}

/// The example's model and dictionary against PyTorch, as recorded by `make_golden.py`.
@Suite(.enabled(if: Example.isThere, "Examples/othello/model.safetensors is not there"))
struct GoldenTests {
    private let golden: Safetensors
    private let sequences: [[Int]]

    init() throws {
        let path = try #require(
            Bundle.module.path(
                forResource: "othello-golden", ofType: "safetensors", inDirectory: "Fixtures"))
        golden = try Safetensors(path: path)
        let entry = try #require(golden.entry("tokens"))
        let tokens = try golden.floats("tokens", shape: entry.shape).map { Int($0) }
        let count = try #require(golden.entry("lengths")).shape
        var start = 0
        var sequences: [[Int]] = []
        for length in try golden.floats("lengths", shape: count).map({ Int($0) }) {
            sequences.append(Array(tokens[start..<start + length]))
            start += length
        }
        self.sequences = sequences
    }

    private func check(_ values: [Float], _ name: String) throws {
        let entry = try #require(golden.entry(name))
        let expected = try golden.floats(name, shape: entry.shape)
        try #require(values.count == expected.count)
        let error = relativeError(values, expected.map(Double.init))
        #expect(
            error < 1e-4,
            "\(name) differs by \(error): run make_golden.py again if the model is a new one")
    }

    @Test(arguments: ["blocks.3.hook_resid_post", "blocks.1.hook_resid_mid"])
    func residualsAgree(hook: String) throws {
        let model = try GPT2(folder: Example.folder)
        let rows = try model.residuals(of: sequences, at: try model.hook(named: hook), threads: 2)
        let entry = try #require(golden.entry(hook))
        let storage = rows.values.storage.prefix(entry.shape[0] * entry.shape[1])
        try check(Array(storage), hook)
    }

    @Test func latentsAgree() throws {
        let meter = try ActivationMeter(
            model: GPT2(folder: Example.folder),
            dictionary: SparseAutoencoder(folder: Example.folder + "/sae"))
        let rows = try meter.latents(of: sequences).flatMap { $0 }
        let counts = try #require(golden.entry("latent_counts")).shape
        let expectedCounts = try golden.floats("latent_counts", shape: counts).map { Int($0) }
        #expect(rows.map(\.indices.count) == expectedCounts)
        try check(rows.flatMap { $0.indices.map { Float($0) } }, "latent_indices")
        try check(rows.flatMap(\.values), "latent_values")
    }
}
