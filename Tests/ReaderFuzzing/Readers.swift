import Foundation
import LinearAlgebra
import Subjects
import Tokenizers

/// All readers of downloaded files, with good files from the fixtures of the suites.
public struct Readers {
    private let models: String
    private let dictionaries: String
    private let tokenizers: String
    private let example: String

    /// - Parameter tests: the package's `Tests` folder.
    public init(tests: String) {
        models = tests + "/SubjectsTests/Fixtures/models/"
        dictionaries = tests + "/SubjectsTests/Fixtures/saes/"
        tokenizers = tests + "/TokenizersTests/Fixtures/"
        example = tests + "/../Examples/othello"
    }

    public func all() throws -> [Reader] {
        [
            try safetensors(), try modelWeights(), try torchFiles(), try arrays(),
            try dictionaryFields(), try modelFields(), try exampleFields(), try index(),
            try tokenizerFiles(),
            try llamaTokenizer(), llamaCheckpoint(),
        ]
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func seed(
        _ folder: String?, _ file: String, at path: String, isText: Bool = false,
        readsFolder: Bool = false
    ) throws -> Reader.Seed {
        Reader.Seed(
            anatomy: Anatomy(of: try bytes(path), isText: isText), folder: folder, file: file,
            readsFolder: readsFolder)
    }

    // MARK: Tensors

    private static let textDonors = Array("{}[]\",:0123456789-.eE+ truefalsn_kdw\\u".utf8)
    /// Opcodes of pickles, refused ones too, and digits.
    private static let pickleDonors =
        Array("().GJKMNQRXabcehjqrstu]}0PITVidop2\u{1}\u{2}9".utf8)
        + [0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x93]

    private func safetensors() throws -> Reader {
        let files = ["sae-lens-topk", "sae-lens-gated", "gemma-scope-2", "sae-lens-jumprelu"]
        return Reader(
            name: "safetensors",
            seeds: try files.map { name in
                let file = name.hasPrefix("gemma") ? "params" : "sae_weights"
                return try seed(
                    nil, "x.safetensors", at: "\(dictionaries)\(name)/\(file).safetensors")
            }, donors: Self.textDonors
        ) { path in
            do throws(SubjectError) {
                let file = try Safetensors(path: path)
                for entry in file.entries { _ = try file.floats(entry.name, shape: entry.shape) }
                return .accepted
            } catch {
                return .refused
            }
        }
    }

    private func modelWeights() throws -> Reader {
        Reader(
            name: "model.safetensors",
            seeds: try ["gemma2", "llama-scaled", "minilm"].map { name in
                try seed(
                    models + name, "model.safetensors", at: models + name + "/model.safetensors",
                    readsFolder: true)
            }, donors: Self.textDonors, read: Self.readModel)
    }

    private func torchFiles() throws -> Reader {
        let files = [
            "dictionary-learning-AutoEncoder/ae.pt", "dictionary-learning-GatedAutoEncoder/ae.pt",
            "dictionary-learning-MatryoshkaBatchTopKSAE/ae.pt", "openai-topk/autoencoder.pt",
            "qwen-scope/layer7.sae.pt", "hypothesaes/sae.pt", "hypothesaes-batch/sae.pt",
        ]
        return Reader(
            name: "torch",
            seeds: try files.map { try seed(nil, "x.sae.pt", at: dictionaries + $0) },
            donors: Self.pickleDonors, read: Self.readDictionary)
    }

    private func arrays() throws -> Reader {
        Reader(
            name: "npz",
            seeds: try ["gemma-scope", "gemma-scope-transcoder", "gemma-scope-compressed"].map {
                try seed(nil, "x.npz", at: "\(dictionaries)\($0)/params.npz")
            },
            donors: Array("{}'(), :<>|fiub0123456789NUMPYdescrshapeTrueFalse".utf8),
            read: Self.readDictionary)
    }

    // MARK: Configurations

    private func dictionaryFields() throws -> Reader {
        let files = [
            ("sae-lens-topk-rescaled", "cfg.json"), ("sae-lens-gated", "cfg.json"),
            ("sae-lens-skip_transcoder", "cfg.json"), ("sae-lens-flat-topk", "cfg.json"),
            ("dictionary-learning-BatchTopKSAE", "config.json"), ("gemma-scope-2", "config.json"),
            ("sparsify/layers.4", "cfg.json"), ("llama-scope", "hyperparams.json"),
            ("sparsify-groupmax/layers.4", "cfg.json"), ("llama-scope-r1-later", "config.json"),
            ("sae-lens-activation-scaler", "activation_scaler.json"),
        ]
        return Reader(
            name: "dictionary-fields",
            seeds: try files.map { folder, file in
                try seed(
                    dictionaries + folder, file, at: "\(dictionaries)\(folder)/\(file)",
                    isText: true, readsFolder: true)
            }, donors: Self.textDonors, read: Self.readDictionary)
    }

    private func modelFields() throws -> Reader {
        let names = [
            "neox-parallel", "llama-scaled", "llama-biased", "mistral", "qwen2", "qwen3", "gemma2",
            "gemma3", "llama-yarn", "llama-longrope", "minilm",
        ]
        return Reader(
            name: "config.json",
            seeds: try names.map {
                try seed(
                    models + $0, "config.json", at: "\(models)\($0)/config.json", isText: true,
                    readsFolder: true)
            }, donors: Self.textDonors, read: Self.readModel)
    }

    private func exampleFields() throws -> Reader {
        Reader(
            name: "gpt2-config.json",
            seeds: [
                try seed(
                    example, "config.json", at: example + "/config.json", isText: true,
                    readsFolder: true)
            ], donors: Self.textDonors
        ) { path in
            do throws(SubjectError) {
                _ = try GPT2(folder: path)
                return .accepted
            } catch {
                return .refused
            }
        }
    }

    private func index() throws -> Reader {
        let folder = models + "qwen3"
        let names = try Safetensors(path: folder + "/model.safetensors").entries.map(\.name)
        let members = names.map { "\"\($0)\": \"shard-1.safetensors\"" }.joined(separator: ",\n")
        let text = "{\"metadata\": {\"total_size\": 1},\n\"weight_map\": {\(members)}}"
        let seed = Reader.Seed(
            anatomy: .json(Array(text.utf8)), folder: folder,
            file: "model.safetensors.index.json", readsFolder: true)
        return Reader(name: "index", seeds: [seed], donors: Self.textDonors) { path in
            // The shard is the copied file, which must not stand beside the index as a whole.
            let shard = path + "/shard-1.safetensors"
            rename(path + "/model.safetensors", shard)
            return Self.readModel(path)
        }
    }

    // MARK: Tokenizers

    private func tokenizerFiles() throws -> Reader {
        let names = [
            "gpt2", "neox", "llama3", "qwen", "gpt4o", "deepseek", "llama2", "gemma", "unigram-nmt",
            "bert", "bert-cased", "word-level", "roberta", "odd-suffix", "odd-prefix", "odd-added",
            "odd-splits", "odd-bytes", "odd-metaspace",
        ]
        return Reader(
            name: "tokenizer.json",
            seeds: try names.map { name in
                Reader.Seed(
                    anatomy: .json(try shortened("\(tokenizers)\(name).json")), folder: nil,
                    file: "tokenizer.json", readsFolder: false)
            }, donors: Self.textDonors, read: Self.readTokenizer)
    }

    /// A tokenizer without its merges, so that damage meets the configuration more often.
    private func shortened(_ path: String) throws -> [UInt8] {
        let text = try bytes(path)
        let mark = Array("\"merges\":[".utf8)
        let places = text.indices.dropLast(mark.count)
        guard let start = places.first(where: { text[$0...].starts(with: mark) }) else {
            return text
        }
        return text[..<(start + mark.count)] + Array("]}}".utf8)
    }

    private func llamaTokenizer() throws -> Reader {
        Reader(
            name: "tokenizer.bin",
            seeds: [try seed(nil, "tokenizer.bin", at: tokenizers + "llama2c.bin")],
            donors: Array(" <0xF>▁aeé".utf8)
        ) { path in
            do throws(TokenizerError) {
                let file = try LlamaTokenizerFile(path: path)
                _ = file.decode(file.encode("Hello été 123\n", addBegin: true, addEnd: true))
                return .accepted
            } catch {
                return .refused
            }
        }
    }

    private func llamaCheckpoint() -> Reader {
        Reader(
            name: "llama2.c",
            seeds: [
                Reader.Seed(
                    anatomy: .binary(LlamaCheckpoint.bytes()), folder: nil, file: "model.bin",
                    readsFolder: false)
            ], donors: [0, 1, 2, 4, 8, 0xFF, 0x7F, 0x80]
        ) { path in
            do throws(SubjectError) {
                let model = try Transformer(llama2Checkpoint: path)
                _ = try model.forward([[0, 1]], ForwardRequest(logits: .all))
                return .accepted
            } catch {
                return .refused
            }
        }
    }
}
