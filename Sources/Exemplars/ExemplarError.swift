import Instruments
import Subjects

/// Why an exemplar store cannot be made, continued or read.
///
/// The sentences are in `ExemplarError+Text.swift`.
public enum ExemplarError: Error, Sendable {
    /// The subject cannot be used or lost its files.
    case instrument(InstrumentError)
    /// The subject refuses a sequence.
    case subject(SubjectError)
    /// A number of the plan is out of range.
    case badPlan(field: String, value: Int, expected: String)
    /// The model reads fewer tokens than a context has, its first token included.
    case longContext(length: Int, limit: Int)
    /// A corpus without files, or one that cannot be read.
    case unreadableCorpus(path: String, reason: String)
    /// A line or paragraph that is not what it should be; `offset` is in bytes.
    case badDocument(path: String, offset: Int, reason: String)
    /// More contexts or tokens than the counters hold.
    case corpusTooLong(limit: Int)
    /// The store was begun with something else.
    case otherStore(path: String, what: String, stored: String, asked: String)
    /// Another process writes to the store.
    case locked(path: String)
    /// The system refuses to write.
    case unwritable(path: String, reason: String)
    /// There is no store, or it is not finished.
    case noStore(path: String, reason: String)
    /// The bytes break the format's rules.
    case damaged(path: String, place: String, reason: String)
    /// A latent that the dictionary does not have.
    case unknownLatent(Int, count: Int)
    /// The caller asked for the pass to stop; it can be continued.
    case stopped(path: String)
}
