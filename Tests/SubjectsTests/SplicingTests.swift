import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

/// Other rows in the place of a model's own.
@Suite struct SplicingTests {
    @Test(arguments: UInt64(0)..<8) func ownRowsChangeNoBitOfGPT2(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed)
        let c = GPT2Configuration(
            vocabularySize: 23, contextLength: 12, width: 24, layerCount: 3, headCount: 3)
        let model = GPT2(configuration: c, weights: .random(c, &g))
        let sequences = randomSequences(30, c, &g)
        let clean = try model.logits(of: sequences)
        for hook in [HookPoint.embedding, .block(1, .mid), .block(2, .post)] {
            let rows = try model.residuals(of: sequences, at: hook).values
            let spliced = try model.logits(
                of: sequences, replacing: hook, with: rows, threads: 2)
            #expect(spliced == clean)
            let zeros = Matrix(rows: rows.rows, columns: rows.columns)
            #expect(try model.logits(of: sequences, replacing: hook, with: zeros) != clean)
        }
    }

    @Test func refusesRowsOfAnotherWidth() throws {
        var g = SeededGenerator(seed: 1)
        let c = GPT2Configuration(
            vocabularySize: 5, contextLength: 3, width: 8, layerCount: 1, headCount: 2)
        let model = GPT2(configuration: c, weights: .random(c, &g))
        let text = message {
            _ = try model.logits(
                of: [[1, 2]], replacing: .embedding, with: Matrix(rows: 2, columns: 7))
        }
        #expect(text.contains("7"))
    }

    @Test func ownRowsChangeNoBitOfADecoder_andFirstTokensMayKeepTheirs() throws {
        let folder = try RandomDecoder.write(width: 32, layers: 3, heads: 4, contextLength: 64)
        let model = try Transformer(folder: folder.path)
        let sequences = [[5, 6, 7, 8], [9], Array(10..<40)]
        let hook = try model.hook(named: "blocks.1.hook_resid_post")
        let clean = try model.forward(
            sequences, ForwardRequest(hooks: [hook], logits: .all), threads: 2)
        let rows = try #require(clean.activations[hook])
        let same = try model.forward(
            sequences, ForwardRequest(logits: .all, replacement: .init(at: hook, rows: rows)))
        #expect(same.logits == clean.logits)
        let zeros = RaggedRows(
            values: Matrix(rows: rows.values.rows, columns: 32), starts: rows.starts)
        let kept = try model.forward(
            sequences,
            ForwardRequest(
                hooks: [hook], logits: .all, replacement: .init(at: hook, rows: zeros, from: 1)))
        let changed = try #require(kept.activations[hook])
        for sequence in sequences.indices {
            let (ours, theirs) = (changed.sequence(sequence), rows.sequence(sequence))
            #expect(Array(ours.row(0)) == Array(theirs.row(0)))
            for row in 1..<max(1, ours.rows) { #expect(ours.row(row).allSatisfy { $0 == 0 }) }
        }
        #expect(kept.logits != clean.logits)
    }
}
