import Foundation

extension SubjectError: CustomStringConvertible, LocalizedError {
    public var errorDescription: String? { description }

    /// One line: what it is about, what is wrong, what to do.
    public var description: String {
        fileText ?? fieldText ?? tensorText ?? requestText
    }

    private var fileText: String? {
        switch self {
        case .unreadableFile(let path, let reason):
            "\(path): cannot be read (\(reason)); check the path and its permissions"
        case .malformedFile(let path, let place, let reason):
            "\(path): \(place) \(reason); write or download the file again"
        case .forbiddenPickle(let path, let request):
            "\(path): the pickle asks for \(request), which is never carried out as it could run "
                + "code; save a plain dictionary of tensors with torch.save, or as safetensors"
        case .unknownFormat(let path, let reason):
            "\(path): is no dictionary in a known format (\(reason)); give the folder or file as "
                + "it was published, or convert it to SAELens form"
        case .missingChoice(let path, let choice, let reason):
            "\(path): \(choice) is not in the files (\(reason)); say it yourself"
        case .unnamedHook(let path):
            "\(path): metadata.hook_name is absent, so the dictionary's place in the model is "
                + "unknown; add it to cfg.json or name the hook yourself"
        default: nil
        }
    }

    private var fieldText: String? {
        switch self {
        case .unknownField(let path, let field):
            "\(path): field \"\(field)\" is unknown and might change the computation; remove it if "
                + "it does not, or convert the model to a known form"
        case .missingField(let path, let field, let expected):
            "\(path): field \"\(field)\" is absent; add it as \(expected)"
        case .invalidField(let path, let field, let found, let expected):
            "\(path): field \"\(field)\" is \(found) but must be \(expected); correct it"
        case .unsupportedField(let path, let field, let found, let reason):
            "\(path): field \"\(field)\" is \(found), which is not supported: \(reason)"
        default: nil
        }
    }

    private var tensorText: String? {
        switch self {
        case .missingTensor(let path, let tensor, let shape):
            "\(path): tensor \"\(tensor)\" of shape \(shape) is absent; save the whole model, or "
                + "correct its configuration"
        case .misshapenTensor(let path, let tensor, let expected, let found):
            "\(path): tensor \"\(tensor)\" has shape \(found), the configuration asks for "
                + "\(expected); pair the file with its own configuration"
        case .unsupportedElements(let path, let tensor, let type):
            "\(path): tensor \"\(tensor)\" holds \(type); convert it to F32, F16 or BF16"
        case .nonFiniteTensor(let path, let tensor, let index):
            "\(path): tensor \"\(tensor)\" holds an infinity or NaN at element \(index); "
                + "save it again in a wider type or repair the training run"
        case .unknownTensor(let path, let tensor):
            "\(path): tensor \"\(tensor)\" is unknown and might change the computation; remove it "
                + "if it does not, or convert the model to a known form"
        default: nil
        }
    }

    private var requestText: String {
        switch self {
        case .unknownHook(let name, let available):
            "hook \"\(name)\" does not exist in this model; choose one of \(available)"
        case .widthMismatch(let what, let width, let model, let modelWidth):
            "\(what) is \(width) wide, \(model) is \(modelWidth); use the one made for this model"
        case .emptySequence(let index):
            "sequence \(index) is empty; leave it out or give it a first token"
        case .longSequence(let index, let length, let limit):
            "sequence \(index) has \(length) tokens, the model's context holds \(limit); shorten it"
        case .unknownToken(let sequence, let position, let token, let vocabulary):
            "sequence \(sequence) has token \(token) at position \(position), the vocabulary is "
                + "0..<\(vocabulary); use the model's own tokens"
        case .positionCount(let found, let sequences):
            "positions are given for \(found) sequences, the batch has \(sequences); give one list "
                + "for each, which may be empty"
        case .unknownPosition(let sequence, let position, let length):
            "sequence \(sequence) has \(length) tokens and no position \(position); choose one in "
                + "0..<\(length)"
        case .badTypes(let count):
            "token types must be one for each token and in 0..<\(count); correct or leave them out"
        case .badDirection(let hook, let reason):
            "the direction of the intervention at \(hook) \(reason); pass one that is finite and "
                + "not zero"
        default: "a subject cannot be measured"
        }
    }
}
