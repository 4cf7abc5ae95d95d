import Exemplars
import Instruments
import Subjects

/// Why a dictionary cannot be trained or written.
///
/// The sentences are in `DictionaryError+Text.swift`.
public enum DictionaryError: Error, Sendable {
    /// The tokenizer cannot be used.
    case instrument(InstrumentError)
    /// The model cannot be used, or has no such hook.
    case subject(SubjectError)
    /// The corpus cannot be read.
    case corpus(ExemplarError)
    /// A number of the plan is out of range.
    case badPlan(field: String, value: String, expected: String)
    /// The model reads fewer tokens than a context has, its first token included.
    case longContext(length: Int, limit: Int)
    /// One part of the corpus has fewer tokens than it must.
    case smallCorpus(part: String, tokens: Int, least: Int)
    /// All activations are the same, or some are no finite numbers.
    case uselessActivations(hook: String, reason: String)
    /// The loss is no longer a finite number.
    case diverged(step: Int)
    /// What a training should go on from is of another training.
    case foreignState(reason: String)
    /// There is something where the dictionary should be written.
    case folderExists(path: String)
    /// The system refuses to write.
    case unwritable(path: String, reason: String)
    /// The caller asked for the training to stop; nothing is written.
    case stopped(step: Int)
}
