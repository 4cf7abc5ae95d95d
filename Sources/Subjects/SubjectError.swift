/// What is wrong with a model, a dictionary, or what they are asked to measure.
///
/// The sentences are in `SubjectError+Text.swift`.
public enum SubjectError: Error, Hashable, Sendable {
    /// The file cannot be opened or mapped; `reason` is the system's.
    case unreadableFile(path: String, reason: String)
    /// The bytes break the rules of their format.
    case malformedFile(path: String, place: String, reason: String)
    /// A pickle asks for something that could run code.
    case forbiddenPickle(path: String, request: String)
    /// Files of a dictionary in no known format, or in more than one.
    case unknownFormat(path: String, reason: String)
    /// The files leave open what the caller must say.
    case missingChoice(path: String, choice: String, reason: String)
    /// A configuration has a field nobody here knows, so what it changes is unknown.
    case unknownField(path: String, field: String)
    /// A field is absent.
    case missingField(path: String, field: String, expected: String)
    /// A field's value has the wrong type or is out of range.
    case invalidField(path: String, field: String, found: String, expected: String)
    /// A field asks for something that is not implemented.
    case unsupportedField(path: String, field: String, found: String, reason: String)
    /// A tensor is absent.
    case missingTensor(path: String, tensor: String, shape: [Int])
    /// A tensor has another shape than the configuration asks for.
    case misshapenTensor(path: String, tensor: String, expected: [Int], found: [Int])
    /// A tensor has an element type that does not hold activations or weights.
    case unsupportedElements(path: String, tensor: String, type: String)
    /// A tensor holds an infinity or a NaN.
    case nonFiniteTensor(path: String, tensor: String, index: Int)
    /// A tensor nobody here knows, so what it changes is unknown.
    case unknownTensor(path: String, tensor: String)
    /// No such place in the model.
    case unknownHook(name: String, available: String)
    /// A dictionary and a model, or directions and a model, have different widths.
    case widthMismatch(of: String, width: Int, model: String, modelWidth: Int)
    /// The dictionary does not say where in the model it belongs.
    case unnamedHook(path: String)
    /// A sequence is empty.
    case emptySequence(index: Int)
    /// A sequence is longer than the model's context.
    case longSequence(index: Int, length: Int, limit: Int)
    /// A token is outside the model's vocabulary.
    case unknownToken(sequence: Int, position: Int, token: Int, vocabulary: Int)
    /// Logits are asked for at positions of another number of sequences than there are.
    case positionCount(found: Int, sequences: Int)
    /// A position is asked for that the sequence does not have.
    case unknownPosition(sequence: Int, position: Int, length: Int)
    /// The direction of an intervention cannot be used.
    case badDirection(hook: String, reason: String)
    /// Token types do not match the tokens, or are not below the number of types.
    case badTypes(count: Int)
}
