import Foundation

extension TokenizerError: CustomStringConvertible, LocalizedError {
    public var errorDescription: String? { description }

    /// One line: what it is about, what is wrong, what to do.
    public var description: String { fieldText ?? requestText }

    private var fieldText: String? {
        switch self {
        case .unreadableFile(let path, let reason):
            "\(path): cannot be read (\(reason)); check the path and its permissions"
        case .malformedFile(let path, let place, let reason):
            "\(path): \(place) \(reason); write or download the file again"
        case .unknownField(let path, let field):
            "\(path): field \"\(field)\" is unknown and might change the tokens; remove it if it "
                + "does not, or save the tokenizer with the release this program knows"
        case .unknownComponent(let path, let field, let type):
            "\(path): \"\(field)\" is of type \"\(type)\", which is not implemented; use a "
                + "tokenizer without it, or tokenize outside and pass the ids"
        case .missingField(let path, let field, let expected):
            "\(path): field \"\(field)\" is absent; add it as \(expected)"
        case .invalidField(let path, let field, let found, let expected):
            "\(path): field \"\(field)\" is \(found) but must be \(expected); correct it"
        case .unsupportedField(let path, let field, let found, let reason):
            "\(path): field \"\(field)\" is \(found), which is not supported: \(reason)"
        case .unsupportedPattern(let path, let field, let pattern, let reason):
            "\(path): the regular expression \(pattern) in \"\(field)\" \(reason); rewrite it "
                + "without that, or tokenize outside and pass the ids"
        default: nil
        }
    }

    private var requestText: String {
        switch self {
        case .unknownCharacters(let text):
            "encode: \"\(text)\" is not in the vocabulary, which names no token for unknown text; "
                + "remove it from the text, or use a tokenizer that names one"
        case .costlyPattern(let pattern, let limit):
            "encode: the regular expression \(pattern) took more than \(limit) steps on this text; "
                + "split the text, or simplify the expression"
        case .longText(let bytes, let limit):
            "encode: the text has \(bytes) bytes, or comes to have them when it is normalised, and "
                + "the limit is \(limit); encode it in parts"
        case .noTemplate(let reason):
            "encode: \(reason); encode the texts one by one, or use a tokenizer with such a "
                + "template"
        case .untruncatable(let reason):
            "encode: \(reason); raise the length, or choose another strategy"
        default: ""
        }
    }
}
