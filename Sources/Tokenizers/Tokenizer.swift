import Foundation
import JSON

/// Text to tokens and back, as a `tokenizer.json` of Hugging Face describes it.
///
/// A text goes through the normaliser, is cut at added tokens and by the pre-tokeniser, is encoded
/// by the model piece by piece, and is framed by the post-processor. Components and fields that are
/// not implemented are refused by name when the file is read.
///
/// Read first: this type, ``Encoding``, ``TokenizerError``; for llama2.c's files
/// ``LlamaTokenizerFile``. The module knows nothing of models or weights.
///
/// - Source: tokenizers 0.23. Parity: `Tests/TokenizersTests/Fixtures`, every id, token and offset.
public struct Tokenizer: Sendable {
    /// What the file says of long texts; `encode` heeds it only if it is passed.
    public let truncation: Truncation?
    /// What the file says of short texts; `encode` heeds it only if it is passed.
    public let padding: Padding?
    let added: AddedTokens
    let normaliser: Normaliser?
    let preTokeniser: PreTokeniser?
    let model: Model
    let postProcessor: PostProcessor?
    let decoder: TokenDecoder?
    let caches = WordCachePool()

    /// A text longer than this is refused: places are kept in 32 bits.
    public static let byteLimit = 1 << 28

    /// - Parameter path: a `tokenizer.json`, or the folder of one.
    public init(path: String) throws(TokenizerError) {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let file = isFolder.boolValue ? path + "/tokenizer.json" : path
        try self.init(json: try Self.read(file), path: file)
    }

    /// - Parameters:
    ///   - json: the content of a `tokenizer.json`.
    ///   - path: what messages call it.
    public init(json: [UInt8], path: String = "tokenizer.json") throws(TokenizerError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: json)
        } catch {
            throw .malformedFile(
                path: path, place: "the JSON", reason: "\(error.reason) at byte \(error.offset)")
        }
        var fields = try ComponentFields(document, path: path, place: "")
        let version = try fields.optionalText("version")
        guard version == nil || version == "1.0" else {
            throw fields.unsupported("version", "\"\(version ?? "")\"", "only 1.0 is known")
        }
        truncation = try Self.nested(&fields, "truncation", Truncation.init)
        padding = try Self.nested(&fields, "padding", Padding.init)
        normaliser = try Self.component(&fields, "normalizer", Normaliser.init)
        preTokeniser = try Self.component(&fields, "pre_tokenizer", PreTokeniser.init)
        postProcessor = try Self.component(&fields, "post_processor", PostProcessor.init)
        decoder = try Self.component(&fields, "decoder", TokenDecoder.init)
        guard let description = fields.present("model") else {
            throw fields.invalid("model", nil, "an object")
        }
        model = try Model(description, path: path)
        let tokens = fields.present("added_tokens") == nil ? [] : try fields.list("added_tokens")
        added = try AddedTokens(tokens, path: path, model.vocabulary, normaliser)
        try fields.finish()
    }

    private static func nested<Part>(
        _ fields: inout ComponentFields, _ field: String,
        _ read: (inout ComponentFields) throws(TokenizerError) -> Part
    ) throws(TokenizerError) -> Part? {
        guard fields.present(field) != nil else { return nil }
        var nested = try fields.nested(field)
        let part = try read(&nested)
        try nested.finish()
        return part
    }

    private static func component<Part>(
        _ fields: inout ComponentFields, _ field: String,
        _ read: (JSONValue, String, String) throws(TokenizerError) -> Part
    ) throws(TokenizerError) -> Part? {
        guard let value = fields.present(field) else { return nil }
        return try read(value, fields.path, field)
    }

    static func read(_ path: String) throws(TokenizerError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadableFile(path: path, reason: error.localizedDescription)
        }
    }
}

extension Tokenizer {
    /// How many tokens there are, added ones included.
    public var vocabularySize: Int {
        let new = added.tokens.count { model.vocabulary.id($0.content) == nil }
        return model.vocabulary.count + new
    }

    /// The tokens that are found in the text before it is split.
    public var addedTokens: [AddedToken] { added.tokens }

    /// The id of a token, or nil if there is none so spelled.
    public func id(of token: String) -> Int? {
        added.token(content: token)?.id ?? model.vocabulary.id(token).map(Int.init)
    }

    /// The token of an id, or nil if there is none; of a normalised added token its normal form.
    public func token(of id: Int) -> String? {
        guard let token = added.token(id: id) else { return model.vocabulary.token(id) }
        return added.normalForms[Int32(token.id)] ?? token.content
    }

    /// The first token that the post-processor puts before a text, if it puts any.
    public var beginID: Int? { postProcessor?.frame.before.first }

    /// The last token that the post-processor puts behind a text, if it puts any.
    public var endID: Int? { postProcessor?.frame.after.last }

    /// The text of tokens.
    ///
    /// - Parameter skipsSpecialTokens: whether added tokens that are special are left out.
    /// - Returns: the text; ids that are no token's are passed over, as the reference does.
    public func decode(
        _ ids: [Int], skipsSpecialTokens: Bool = true
    ) throws(TokenizerError) -> String {
        let tokens = ids.compactMap(token(of:)).filter { token in
            !skipsSpecialTokens || !added.isSpecial(token)
        }
        guard let decoder else { return tokens.joined(separator: " ") }
        return try decoder.decode(tokens).joined()
    }
}

extension PostProcessor {
    /// The ids before and behind a single text.
    var frame: (before: [Int], after: [Int]) {
        switch self {
        case .template(let template): return template.frame
        case .bert(let pair), .roberta(let pair, _, _): return ([pair.begin.id], [pair.end.id])
        case .byteLevel: return ([], [])
        case .sequence(let steps):
            return steps.reduce(into: ([], [])) { frame, step in
                frame.before = step.frame.before + frame.before
                frame.after += step.frame.after
            }
        }
    }
}
