import Digests
import Dispatch
import Foundation
import LinearAlgebra
import Subjects
import Tokenizers

/// An encoder that puts texts of like meaning side by side: a BERT or MiniLM model with its tokenizer, whose
/// vector of a text is the mean of its tokens' last states, of length 1.
///
/// A text of more tokens than the model reads is cut at the end. The bits of a vector depend on its text
/// and the files alone.
///
/// - Source: Reimers and Gurevych 2019, "Sentence-BERT", mean pooling.
public struct SentenceEncoder: Sendable {
    /// The width of a vector.
    public var width: Int { model.configuration.width }
    /// Over the bytes of the model's and the tokenizer's files.
    public let identity: Digest
    /// The folder's name.
    public let name: String
    private let model: BERT
    private let tokenizer: TextTokenizer
    private let threads: Int

    /// - Parameter folder: `config.json`, the weights and `tokenizer.json`, in Hugging Face's layout.
    /// - Throws: ``InstrumentError`` for anything missing or unsupported.
    public init(folder: String, threads: Int) throws(InstrumentError) {
        precondition(threads > 0, "\(threads) threads")
        tokenizer = try TextTokenizer(folder: folder)
        do {
            model = try BERT(folder: folder)
        } catch {
            throw .subject(error)
        }
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw .vocabularyMismatch(
                tokenizer: tokenizer.vocabularySize, model: model.configuration.vocabularySize)
        }
        name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        identity = try Self.identity(of: folder)
        self.threads = threads
    }

    /// One row a text, [texts × width].
    ///
    /// - Throws: ``InstrumentError`` if a text cannot be tokenized.
    public func vectors(of texts: [String]) async throws(InstrumentError) -> Matrix {
        let tokens = try texts.map(tokens)
        let (model, threads) = (model, threads)
        let result = await DispatchQueue.global().result { () throws(SubjectError) in
            try model.vectors(of: tokens, threads: threads)
        }
        do {
            return try result.get()
        } catch {
            throw .subject(error)
        }
    }

    /// A text's tokens in their frame, as many as the model reads.
    private func tokens(of text: String) throws(InstrumentError) -> [Int] {
        let limit = model.configuration.contextLength
        guard case .huggingFace(let tokenizer) = tokenizer else {
            return Array(try self.tokenizer.pieces(of: text).map(\.id).prefix(limit))
        }
        do {
            return try tokenizer.encode(
                text, addSpecialTokens: true, truncation: Truncation(maximumCount: limit)
            ).ids
        } catch {
            throw .tokenizer(error)
        }
    }

    private static func identity(of folder: String) throws(InstrumentError) -> Digest {
        var hash = SHA256()
        do {
            try SubjectFiles.hash(folder) { hash.update($0) }
        } catch {
            throw .subject(error)
        }
        return hash.finalize()
    }
}
