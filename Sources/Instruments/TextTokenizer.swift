import Foundation
import Tokenizers

/// How a subject's text becomes tokens, from whichever file it came with.
public enum TextTokenizer: Sendable {
    case huggingFace(Tokenizer)
    case llama2(LlamaTokenizerFile)

    /// The `tokenizer.json` or `tokenizer.bin` of a folder.
    public init(folder: String) throws(InstrumentError) {
        let json = folder + "/tokenizer.json"
        let binary = folder + "/tokenizer.bin"
        let files = FileManager.default
        do {
            if files.fileExists(atPath: json) {
                self = .huggingFace(try Tokenizer(path: json))
                return
            }
            if files.fileExists(atPath: binary) {
                self = .llama2(try LlamaTokenizerFile(path: binary))
                return
            }
        } catch {
            throw .tokenizer(error)
        }
        throw .noTokenizer(path: folder)
    }

    public var vocabularySize: Int {
        switch self {
        case .huggingFace(let tokenizer): tokenizer.vocabularySize
        case .llama2(let file): file.vocabularySize
        }
    }

    /// The token that stands before every text as the tokenizer has it, or nil for none.
    package var ownFirstToken: Int? {
        switch self {
        case .huggingFace(let tokenizer): tokenizer.beginID
        case .llama2: LlamaTokenizerFile.beginID
        }
    }

    /// The text's own tokens, without a frame.
    package func pieces(of text: String) throws(InstrumentError) -> [(
        id: Int, token: TextReading.Token
    )] {
        switch self {
        case .huggingFace(let tokenizer):
            let encoding: Encoding
            do {
                encoding = try tokenizer.encode(text, addSpecialTokens: false)
            } catch {
                throw .tokenizer(error)
            }
            let bytes = Array(text.utf8)
            return zip(encoding.ids, zip(encoding.tokens, encoding.byteOffsets)).map { id, piece in
                let text = String(validating: bytes[piece.1], as: UTF8.self) ?? piece.0
                return (id, .init(text: text, bytes: piece.1, isSpecial: false))
            }
        case .llama2(let file):
            return llama2Pieces(of: text, file)
        }
    }

    /// The bytes of the pieces run through the text, after the space that this tokenizer puts first.
    private func llama2Pieces(
        of text: String, _ file: LlamaTokenizerFile
    ) -> [(id: Int, token: TextReading.Token)] {
        var at = 0
        let total = text.utf8.count
        var first = true
        return file.encode(text, addBegin: false, addEnd: false).map { id in
            let piece = file.bytes(of: id, after: first ? LlamaTokenizerFile.beginID : nil)
            first = false
            let end = min(total, at + piece.count)
            defer { at = end }
            let text =
                String(validating: piece, as: UTF8.self) ?? String(decoding: piece, as: UTF8.self)
            return (id, .init(text: text, bytes: at..<end, isSpecial: false))
        }
    }

    /// How a token is spelled, for tokens that are no part of a text.
    func spelling(of id: Int) -> String {
        switch self {
        case .huggingFace(let tokenizer): tokenizer.token(of: id) ?? "[\(id)]"
        case .llama2(let file):
            file.pieces.indices.contains(id)
                ? String(decoding: file.pieces[id], as: UTF8.self) : "[\(id)]"
        }
    }
}
