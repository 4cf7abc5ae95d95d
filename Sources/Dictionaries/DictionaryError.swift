import Exemplars
import Instruments
import Subjects

/// Why a dictionary cannot be trained or written.
///
/// The sentences are in `DictionaryError+Text.swift`.
public enum DictionaryError: Error, Sendable {
    /// The tokenizer cannot be used.
    case instrument(InstrumentError)
    /// The model cannot be used, or has no such hook; or a file of activations cannot.
    case subject(SubjectError)
    /// The corpus cannot be read.
    case corpus(ExemplarError)
    /// A number of the plan is out of range.
    case badPlan(field: String, value: String, expected: String)
    /// Plans that should share a stream of activations differ in what decides it.
    case differentStreams(plan: Int)
    /// The model reads fewer tokens than a context has, its first token included.
    case longContext(length: Int, limit: Int)
    /// One part of the data has fewer tokens than it must.
    case smallCorpus(part: String, tokens: Int, least: Int)
    /// The model's vocabulary is no Othello board's.
    case noBoard(path: String, vocabulary: Int)
    /// All activations are the same, or some are no finite numbers.
    case uselessActivations(hook: String, reason: String)
    /// The loss or a weight is no longer a finite number.
    ///
    /// `checkpoint` is the last one that was kept.
    case diverged(step: Int, checkpoint: String?)
    /// What a training should go on from is of another training.
    case foreignState(reason: String)
    /// There is something where the dictionary should be written.
    case folderExists(path: String)
    /// There is a training there that was not finished.
    case unfinished(path: String)
    /// Another process trains there.
    case locked(path: String)
    /// None of the checkpoints of a folder is whole.
    case damagedCheckpoint(path: String, reason: String)
    /// The system refuses to write.
    case unwritable(path: String, reason: String)
    /// A layout has no place for a dictionary of this kind.
    case noLayout(format: String, reason: String)
    /// The caller asked for the training to stop.
    ///
    /// `checkpoint` is where it can go on from, or nil if nothing is written.
    case stopped(step: Int, checkpoint: String?)
}
