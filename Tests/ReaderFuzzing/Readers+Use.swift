import Foundation
import LinearAlgebra
import Subjects
import Tokenizers

extension Readers {
    /// Reads a model of any family and computes with it.
    @Sendable static func readModel(_ path: String) -> Reader.Outcome {
        do throws(SubjectError) {
            if path.hasSuffix("minilm") {
                let model = try BERT(folder: path)
                _ = try model.states(of: [[0, 0, 0]])
                return .accepted
            }
            let model = try Transformer(folder: path)
            let length = min(3, model.configuration.contextLength)
            let tokens = [Int](repeating: 0, count: length)
            let result = try model.forward([tokens], ForwardRequest(logits: .all))
            precondition(
                result.logits?.values.storage.count
                    == length * model.configuration.vocabularySize, "logits of another size")
            return .accepted
        } catch {
            precondition(!error.description.isEmpty, "an error without a text")
            return .refused
        }
    }

    /// Reads a dictionary of any format and reconstructs a row.
    @Sendable static func readDictionary(_ path: String) -> Reader.Outcome {
        do throws(SubjectError) {
            let choices = PublishedAutoencoder.Choices(k: 3, inputScale: 1)
            let dictionary = try PublishedAutoencoder(path: path, choices: choices).autoencoder
            let rows = Matrix(rows: 1, columns: dictionary.inputWidth, repeating: 0.5)
            let output = try dictionary.reconstruct(rows)
            precondition(output.columns == dictionary.outputWidth, "a row of another width")
            return .accepted
        } catch {
            precondition(!error.description.isEmpty, "an error without a text")
            return .refused
        }
    }

    private static let lines = [
        "", "Hello <s>  été 123\n", "\u{0}日本 👍🏽 'LL ﬁ <|endoftext|>x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    ]

    /// Reads a tokenizer; texts it cannot encode are refused as well, in a typed way.
    @Sendable static func readTokenizer(_ path: String) -> Reader.Outcome {
        do throws(TokenizerError) {
            let tokenizer = try Tokenizer(path: path)
            for line in lines {
                guard let encoding = try? tokenizer.encode(line, addSpecialTokens: true) else {
                    continue
                }
                precondition(encoding.offsets.count == encoding.ids.count, "offsets are missing")
                _ = try? tokenizer.decode(encoding.ids)
                _ = try? tokenizer.encodePair(
                    line, "b", addSpecialTokens: true, truncation: tokenizer.truncation)
            }
            return .accepted
        } catch {
            precondition(!error.description.isEmpty, "an error without a text")
            return .refused
        }
    }
}

/// A small checkpoint of llama2.c.
enum LlamaCheckpoint {
    static func bytes() -> [UInt8] {
        let (width, inner, layers, heads, groups, vocabulary, context) = (8, 12, 2, 2, 1, 9, 5)
        var bytes: [UInt8] = []
        for number in [width, inner, layers, heads, groups, vocabulary, context] {
            withUnsafeBytes(of: Int32(number).littleEndian) { bytes += $0 }
        }
        let (headWidth, keys) = (width / heads, groups * width / heads)
        let layer = 2 * width * (width + keys) + 3 * width * inner + 2 * width
        let weights = vocabulary * width + layers * layer + width
        var generator = SeededGenerator(seed: 1)
        var floats = (0..<weights).map { _ in Float(generator.normal() * 0.3) }
        for table in [cos, sin] as [(Double) -> Double] {
            for position in 0..<context {
                for pair in 0..<headWidth / 2 {
                    let frequency = pow(10000, -2 * Double(pair) / Double(headWidth))
                    floats.append(Float(table(Double(position) * frequency)))
                }
            }
        }
        for value in floats { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        return bytes
    }
}
