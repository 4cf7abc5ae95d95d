import Foundation
import Testing

@testable import Subjects

/// What configurations may say of stretched contexts. The arithmetic is checked against transformers
/// by the models `llama-yarn`, `qwen2-yarn`, `llama-longrope` and `llama-dynamic`.
@Suite struct RotaryScalingTests {
    private func refusal(_ name: String, _ changes: [String: String]) throws -> String {
        let copy = try ModelCopy(name)
        try copy.configure(changes.mapValues { $0 })
        return message { _ = try Transformer(folder: copy.path) }
    }

    private func yarn(_ numbers: String) -> [String: String] {
        ["rope_parameters": "{\"rope_type\":\"yarn\",\"rope_theta\":10000,\(numbers)}"]
    }

    @Test func limitsTheContext_whenLongerTextsHaveOtherFrequencies() throws {
        let model = try Transformer(folder: RecordedModel("llama-longrope").folder)
        #expect(model.configuration.contextLength == 40)
        let long = [Int](repeating: 0, count: 41)
        let refused = message { _ = try model.forward([long], ForwardRequest(logits: .last)) }
        #expect(refused.contains("has 41 tokens, the model's context holds 40"))
    }

    @Test func readsTheOlderForm_ofTheSameScaling() throws {
        let copy = try ModelCopy("llama-yarn")
        let old = """
            {"type":"yarn","factor":8.0,"original_max_position_embeddings":8,"beta_fast":4.0,
            "beta_slow":0.5}
            """
        try copy.configure(["rope_parameters": nil, "rope_theta": "10000.0", "rope_scaling": old])
        let model = try Transformer(folder: copy.path)
        let other = try Transformer(folder: RecordedModel("llama-yarn").folder)
        #expect(model.configuration.rotaries == other.configuration.rotaries)
    }

    @Test func refusesScaling_whenItsNumbersDoNotFit() throws {
        let short = "\"original_max_position_embeddings\":8"
        #expect(try refusal("llama-yarn", yarn("\"factor\":8,\(short)")) == "no error")
        #expect(
            try refusal("llama-yarn", yarn("\"factor\":8,\(short),\"warmth\":1"))
                .contains("field \"rope_parameters.warmth\" is unknown"))
        #expect(
            try refusal("llama-yarn", yarn("\"factor\":8,\(short),\"beta_fast\":0.5"))
                .contains("above beta_slow"))
        #expect(try refusal("llama-yarn", yarn("\"factor\":-8,\(short)")).contains("above 0"))
        let few = """
            {"rope_type":"longrope","rope_theta":10000,"original_max_position_embeddings":40,
            "short_factor":[1,2],"long_factor":[1,2,3,4]}
            """
        #expect(
            try refusal("llama-longrope", ["rope_parameters": few])
                .contains("a list of 4 numbers above 0"))
        let outer = ["original_max_position_embeddings": "41"]
        #expect(try refusal("llama-longrope", outer).contains("must be 41, as at the top"))
        let other = ["rope_parameters": "{\"rope_type\":\"su\",\"rope_theta\":10000}"]
        #expect(try refusal("llama-yarn", other).contains("dynamic, llama3, yarn and longrope"))
    }
}
