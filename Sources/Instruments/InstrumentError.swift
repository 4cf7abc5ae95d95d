import Subjects
import Tokenizers

/// Why an instrument cannot be used, or was lost.
///
/// The sentences are in `InstrumentError+Text.swift`.
public enum InstrumentError: Error, Sendable {
    /// The subject's files are not what they should be.
    case subject(SubjectError)
    /// The tokenizer's files are not what they should be, or a text is too long for it.
    case tokenizer(TokenizerError)
    /// A folder without the file that would say how text becomes tokens.
    case noTokenizer(path: String)
    /// The dictionary was trained with a first token and nothing says which.
    case noFirstToken(model: String)
    /// The tokenizer makes tokens that the model does not have.
    case vocabularyMismatch(tokenizer: Int, model: Int)
    /// A latent that the dictionary does not have.
    case unknownLatent(Int, count: Int)
}
