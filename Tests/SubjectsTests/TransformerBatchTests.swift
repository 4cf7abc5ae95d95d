import LinearAlgebra
import Subjects
import Testing

/// Results must be the same bits in any batch, order, number of threads and division into pieces.
@Suite struct TransformerBatchTests {
    @Test(arguments: RecordedModel.decoders)
    func sequencesGiveTheSameBits_inAnyBatch(name: String) throws {
        let model = try Transformer(folder: RecordedModel(name).folder)
        var g = SeededGenerator(seed: 31)
        let longest = min(64, model.configuration.contextLength)
        let sequences = (0..<24).map { _ in (0..<1 + g.below(longest)).map { _ in g.below(61) } }
        let hook = TransformerHook.block(1, .neurons)
        let request = ForwardRequest(hooks: [hook], logits: .last)
        let alone = try sequences.map { try model.forward([$0], request) }
        for round in 0..<6 {
            let batch = g.sample(1 + g.below(24), of: 24)
            let result = try model.forward(
                batch.map { sequences[$0] }, request, threads: 1 + round % 3)
            for (place, index) in batch.enumerated() {
                let rows = try #require(result.activations[hook]).sequence(place)
                let own = try #require(alone[index].activations[hook])
                #expect(bits(rows.storage) == bits(own.values.storage))
                let logits = try #require(result.logits).sequence(place)
                #expect(
                    bits(logits.storage) == bits(try #require(alone[index].logits).values.storage))
            }
        }
    }

    @Test(arguments: RecordedModel.decoders)
    func piecesGiveTheSameBits_asTheWhole(name: String) throws {
        let recorded = try RecordedModel(name)
        let model = try Transformer(folder: recorded.folder)
        let sequence = recorded.sequences[2]
        let whole = try #require(
            try model.forward([sequence], ForwardRequest(logits: .all)).logits
        ).values
        for seed in UInt64(0)..<3 {
            var g = SeededGenerator(seed: seed)
            let session = try TransformerSession(model, capacity: sequence.count)
            while session.tokens.count < sequence.count {
                if session.tokens.count > 4, g.below(4) == 0 {
                    session.truncate(to: session.tokens.count - 1 - g.below(3))
                }
                let read = session.tokens.count
                let count = min(1 + g.below(5), sequence.count - read)
                let logits = try session.read(Array(sequence[read..<read + count]))
                #expect(bits(logits) == bits(whole.row(read + count - 1)))
            }
        }
    }

    @Test func chosenPositionsGiveTheRowsOfAll() throws {
        let recorded = try RecordedModel("gemma2")
        let model = try Transformer(folder: recorded.folder)
        let all = try #require(
            try model.forward(recorded.sequences, ForwardRequest(logits: .all)).logits)
        let chosen = [[12, 0, 5], [], [36], [3, 3]]
        let some = try #require(
            try model.forward(recorded.sequences, ForwardRequest(logits: .positions(chosen)))
                .logits)
        #expect(some.starts == [0, 3, 3, 4, 6])
        for (sequence, positions) in chosen.enumerated() {
            for (place, position) in positions.enumerated() {
                let row = some.values.row(some.starts[sequence] + place)
                #expect(bits(row) == bits(all.values.row(all.starts[sequence] + position)))
            }
        }
        #expect(
            message {
                _ = try model.forward(
                    [[1, 2]], ForwardRequest(logits: .positions([[2]])))
            } == "sequence 0 has 2 tokens and no position 2; choose one in 0..<2")
    }
}
