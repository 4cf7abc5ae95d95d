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
    /// A name of a feature or source that is none.
    case badName(String, reason: String)
    /// No reply came, after every attempt.
    case lost(server: String, reason: String)
    /// The server measures nothing of this source.
    case deniedSource(String, server: String, reason: String)
    /// The server refuses requests of this kind; `reason` is in its own words.
    case refused(server: String, status: Int, reason: String)
    /// The server keeps saying that its limit is spent.
    case limitSpent(server: String, refusals: Int, limit: RequestLimit)
    /// A reply that breaks the server's contract.
    case badReply(server: String, place: String, reason: String)
    /// A file that cannot be read or written, or is not what it should be; `place` is a line or field.
    case badFile(path: String, place: String, reason: String)
    /// A recording has no such measurement.
    case notRecorded(path: String, text: String, latent: Int)
    /// The task was cancelled while it waited.
    case cancelled
}
