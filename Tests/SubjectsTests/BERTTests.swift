import LinearAlgebra
import Subjects
import Testing

@Suite struct BERTTests {
    private let recorded: RecordedModel
    private let model: BERT

    init() throws {
        recorded = try RecordedModel("minilm")
        model = try BERT(folder: recorded.folder)
    }

    @Test(arguments: [
        (BERT.Place.embedding, "embed"), (.layer(0), "post.0"), (.layer(1), "post.1"),
    ])
    func everyLayerAgrees(place: BERT.Place, key: String) throws {
        let rows = try model.states(of: recorded.sequences, at: place, threads: 2)
        let error = relativeError(rows.values.storage, try recorded.values(key))
        #expect(error < 2e-4, "\(key): \(error)")
    }

    @Test func vectorsAgree_normalizedMeans() throws {
        let vectors = try model.vectors(of: recorded.sequences)
        #expect(relativeError(vectors.storage, try recorded.values("pooled")) < 2e-4)
    }

    @Test func sequencesGiveTheSameBits_inAnyBatch() throws {
        var g = SeededGenerator(seed: 51)
        let sequences = (0..<24).map { _ in (0..<1 + g.below(40)).map { _ in g.below(61) } }
        let alone = try sequences.map { try model.vectors(of: [$0]).storage }
        for round in 0..<6 {
            let batch = g.sample(1 + g.below(24), of: 24)
            let rows = try model.vectors(of: batch.map { sequences[$0] }, threads: 1 + round % 3)
            for (place, index) in batch.enumerated() {
                #expect(bits(rows.row(place)) == bits(alone[index]))
            }
        }
    }

    @Test func typesMatter_andMustFit() throws {
        let plain = try model.vectors(of: [[1, 2, 3]])
        #expect(try model.vectors(of: [[1, 2, 3]], types: [[0, 0, 0]]) == plain)
        #expect(try model.vectors(of: [[1, 2, 3]], types: [[0, 1, 1]]) != plain)
        for types in [[[0, 0]], [[0, 0, 2]], [[0, 0, -1]], []] {
            #expect(
                message { _ = try model.vectors(of: [[1, 2, 3]], types: types) }
                    == "token types must be one for each token and in 0..<2; correct or leave "
                    + "them out")
        }
    }

    @Test func refusesADecoder() throws {
        let decoder = try RecordedModel("qwen2")
        #expect(
            message { _ = try BERT(folder: decoder.folder) }
                .hasSuffix(
                    "\"qwen2\", which is not supported: only \"bert\" is computed as an encoder"))
    }
}
