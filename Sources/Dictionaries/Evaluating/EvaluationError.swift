import Games
import Subjects

/// Why a dictionary cannot be measured.
///
/// The sentences are in `EvaluationError+Text.swift`.
public enum EvaluationError: Error, Sendable {
    /// The model or the dictionary cannot be used, or they do not fit each other.
    case subject(SubjectError)
    /// It gives back other rows than it was given.
    case transcoder(name: String)
    /// Its place in the model is another than the rows'.
    case otherHook(name: String, found: String, expected: String)
    /// Too few rows, groups or properties.
    case tooFew(what: String, found: Int, least: Int)
    /// A number is out of range.
    case badOption(name: String, value: String, expected: String)
    /// A file is not what it should be.
    case badFile(path: String, reason: String)
    /// No property has this name.
    case unknownProperty(name: String, known: [String])
    /// A regression of a property on latents does not settle.
    case unfitted(property: String, reason: String)
    /// A stored result is not what this program writes.
    case badResult(reason: String)
}
