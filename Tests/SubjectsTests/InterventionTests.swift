import LinearAlgebra
import Subjects
import Testing

@Suite struct InterventionTests {
    private let recorded: RecordedModel
    private let model: Transformer
    private let direction: [Float]

    init() throws {
        recorded = try RecordedModel("llama-scaled")
        model = try Transformer(folder: recorded.folder)
        var g = SeededGenerator(seed: 41)
        direction = randomFloats(48, &g)
    }

    private func products(_ rows: Matrix) -> [Float] {
        let length = direction.map { $0 * $0 }.reduce(0, +).squareRoot()
        return (0..<rows.rows).map { r in
            zip(rows.row(r), direction).map { $0 * $1 }.reduce(0, +) / length
        }
    }

    private func rows(
        _ hook: TransformerHook, _ interventions: [Intervention]
    ) throws -> RaggedRows {
        let request = ForwardRequest(hooks: [hook], interventions: interventions)
        return try #require(try model.forward(recorded.sequences, request).activations[hook])
    }

    @Test func ablationLeavesNothingAlongTheDirection() throws {
        let hook = TransformerHook.block(0, .residualPost)
        let changed = try rows(hook, [Intervention(at: hook, .ablate(direction: direction))])
        #expect(products(changed.values).allSatisfy { abs($0) < 1e-4 })
        let plain = try rows(hook, [])
        #expect(products(plain.values).contains { abs($0) > 0.5 })
    }

    @Test func clampSetsTheComponent_atChosenPositionsOnly() throws {
        let hook = TransformerHook.block(1, .residualPre)
        let clamp = Intervention(
            at: hook, .clamp(direction: direction, value: 3), positions: .only([2, 5]))
        let (changed, plain) = (try rows(hook, [clamp]), try rows(hook, []))
        for (sequence, tokens) in recorded.sequences.enumerated() {
            let (now, before) = (changed.sequence(sequence), plain.sequence(sequence))
            for position in tokens.indices {
                if position == 2 || position == 5 {
                    #expect(abs(products(now)[position] - 3) < 1e-4)
                } else {
                    #expect(bits(now.row(position)) == bits(before.row(position)))
                }
            }
        }
    }

    /// Adding at the last stream must move the final norm's input, and nothing before it.
    @Test func additionReachesTheLogits_andOnlyLaterPlaces() throws {
        let hook = TransformerHook.block(1, .mlpOut)
        let push = Intervention(at: hook, .add(direction: direction, scale: 2))
        let (before, after) = (
            TransformerHook.block(1, .residualMid), TransformerHook.block(1, .residualPost)
        )
        #expect(try rows(before, [push]) == rows(before, []))
        let (moved, plain) = (try rows(after, [push]), try rows(after, []))
        for r in 0..<moved.values.rows {
            for c in 0..<48 {
                #expect(abs(moved.values[r, c] - plain.values[r, c] - 2 * direction[c]) < 1e-4)
            }
        }
        let logits = ForwardRequest(logits: .last, interventions: [push])
        let steered = try model.forward(recorded.sequences, logits).logits
        let own = try model.forward(recorded.sequences, ForwardRequest(logits: .last)).logits
        #expect(steered != own)
    }

    @Test func replacingByTheModelsOwnRow_changesNothing() throws {
        let hook = TransformerHook.block(0, .mixture)
        let tokens = recorded.sequences[0]
        let plain = try model.forward([tokens], ForwardRequest(hooks: [hook], logits: .all))
        let row = try #require(plain.activations[hook]).values.row(7)
        let same = Intervention(at: hook, .replace(with: Array(row)), positions: .only([7]))
        let again = try model.forward(
            [tokens], ForwardRequest(logits: .all, interventions: [same]))
        #expect(again.logits == plain.logits)
    }

    @Test func generationIsSteered_asTheWholePassIs() throws {
        let push = Intervention(
            at: .block(0, .residualMid), .add(direction: direction, scale: 4), positions: .from(3))
        let tokens = recorded.sequences[2]
        let whole = try #require(
            try model.forward([tokens], ForwardRequest(logits: .all, interventions: [push]))
                .logits)
        let session = try TransformerSession(model, capacity: 64, interventions: [push])
        for (position, token) in tokens.enumerated() {
            #expect(bits(try session.read([token])) == bits(whole.values.row(position)))
        }
    }

    @Test func refusesDirectionsThatDoNotFit() throws {
        func text(_ action: Intervention.Action, _ hook: TransformerHook) -> String {
            message {
                _ = try model.forward(
                    [[1]], ForwardRequest(interventions: [Intervention(at: hook, action)]))
            }
        }
        #expect(
            text(.ablate(direction: direction), .block(0, .neurons))
                .contains("the intervention at blocks.0.mlp.hook_post is 48 wide"))
        #expect(
            text(.ablate(direction: [Float](repeating: 0, count: 48)), .embedding)
                .contains("is all zeros"))
        #expect(
            text(.add(direction: [Float](repeating: .nan, count: 48), scale: 1), .embedding)
                .contains("is not finite"))
        #expect(
            text(.ablate(direction: direction), .block(2, .residualPre))
                .contains("hook \"blocks.2.hook_resid_pre\" does not exist"))
    }
}
