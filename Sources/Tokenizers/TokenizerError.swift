/// What is wrong with a tokenizer's file, or with what it is asked to encode.
///
/// The sentences are in `TokenizerError+Text.swift`.
public enum TokenizerError: Error, Hashable, Sendable {
    /// The file cannot be opened or read; `reason` is the system's.
    case unreadableFile(path: String, reason: String)
    /// The bytes break the rules of their format.
    case malformedFile(path: String, place: String, reason: String)
    /// A field nobody here knows, so what it changes is unknown.
    case unknownField(path: String, field: String)
    /// A component (a normaliser, a model …) nobody here knows.
    case unknownComponent(path: String, field: String, type: String)
    /// A field is absent.
    case missingField(path: String, field: String, expected: String)
    /// A field's value has the wrong type or is out of range.
    case invalidField(path: String, field: String, found: String, expected: String)
    /// A field asks for something that is not implemented.
    case unsupportedField(path: String, field: String, found: String, reason: String)
    /// A regular expression uses something that is not implemented.
    case unsupportedPattern(path: String, field: String, pattern: String, reason: String)
    /// A text has characters that the vocabulary lacks, and there is no token for the unknown.
    case unknownCharacters(text: String)
    /// A regular expression went astray on a text: it took more steps than it is allowed.
    case costlyPattern(pattern: String, limit: Int)
    /// A text is too long to be encoded in one piece.
    case longText(bytes: Int, limit: Int)
    /// The tokenizer has no template for what is asked.
    case noTemplate(reason: String)
    /// A text cannot be cut to the length that is asked.
    case untruncatable(reason: String)
}
