import Foundation
import Testing

import SubjectMaterial
@testable import Subjects

/// The configurations that published models carry, and those that transformers serialises with all
/// defaults: none is refused for a field that changes nothing.
@Suite struct PublishedConfigurationTests {
    private static let folder = Bundle.module.bundlePath + "/Fixtures/configs/"

    private static func size(_ path: String) throws(SubjectError) -> (width: Int, layers: Int) {
        switch try ConfigurationFields(path: path).text("model_type") {
        case "gpt2":
            let c = try GPT2Configuration.read(path: path).configuration
            return (c.width, c.layerCount)
        case "bert":
            let c = try BERTConfiguration.read(path: path)
            return (c.width, c.layerCount)
        default:
            let c = try TransformerConfiguration.read(path: path)
            return (c.width, c.layerCount)
        }
    }

    @Test(
        arguments: [
            ("gpt2", 768, 12), ("distilgpt2", 768, 6), ("pythia-70m", 512, 6),
            ("llama-3-8b", 4096, 32), ("llama-3.1-8b", 4096, 32), ("llama-3.2-1b", 2048, 16),
            ("llama-3.2-1b-mirror", 2048, 16), ("smollm2-135m", 576, 30),
            ("mistral-7b-v0.1", 4096, 32), ("mistral-7b-v0.3", 4096, 32), ("qwen2-0.5b", 896, 24),
            ("qwen2.5-0.5b", 896, 24), ("qwen2.5-7b-long", 3584, 28), ("qwen3-0.6b", 1024, 28),
            ("gemma-2-2b", 2304, 26), ("gemma-3-1b", 1152, 26), ("gemma-3-270m", 640, 18),
            ("bert-base-uncased", 768, 12), ("bert-base-multilingual-cased", 768, 12),
            ("all-minilm-l6-v2", 384, 6),
        ])
    func readsWhatPublishedModelsCarry(name: String, width: Int, layers: Int) throws {
        let size = try Self.size("\(Self.folder)\(name).json")
        #expect(size == (width, layers))
    }

    @Test(
        arguments: [
            "bert", "gemma2", "gemma3_text", "gpt2", "gpt_neox", "llama", "mistral", "qwen2",
            "qwen3",
        ])
    func readsWhatTransformersSerialises(family: String) throws {
        #expect(try Self.size("\(Self.folder)transformers-5-\(family).json").layers == 6)
    }

    @Test(arguments: ["gpt2", "llama-3.2-1b", "qwen2.5-0.5b", "gemma-3-1b", "bert-base-uncased"])
    func refusesAField_whenItIsUnknown(name: String) throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOfFile: "\(Self.folder)\(name).json", encoding: .utf8)
        let path = try folder.write(
            "config.json", "{\n  \"attention_twist\": 1," + text.dropFirst())
        let refused = message { _ = try Self.size(path) }
        #expect(refused.contains("field \"attention_twist\" is unknown"))
    }

    @Test func readsScaling_asItIsGiven() throws {
        let long = try TransformerConfiguration.read(path: Self.folder + "qwen2.5-7b-long.json")
        #expect(abs(long.rotaries[0].amplitude - 1.138_629_4) < 1e-6)
        #expect(long.contextLength == 32768)
        let local = try TransformerConfiguration.read(path: Self.folder + "gemma-3-1b.json")
        #expect(local.layers.prefix(6).map { $0.window ?? 0 } == [512, 512, 512, 512, 512, 0])
    }
}
