extension InstrumentError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .subject(let error): "\(error)"
        case .tokenizer(let error): "\(error)"
        case .noTokenizer(let path):
            "\(path): no tokenizer.json or tokenizer.bin. Put the model's beside its weights"
        case .noFirstToken(let model):
            "\(model): the dictionary was trained with a first token before each text, and neither "
                + "the tokenizer nor config.json says which. Name one"
        case .vocabularyMismatch(let tokenizer, let model):
            "the tokenizer has \(tokenizer) tokens and the model \(model). They do not belong "
                + "together; take the tokenizer that came with the model"
        case .unknownLatent(let latent, let count):
            "latent \(latent) of a dictionary that has \(count). Ask for one from 0 to \(count - 1)"
        case .badName(let name, let reason): "\"\(name.prefix(200))\": \(reason)"
        case .badFile(let path, let place, let reason):
            "\(path)\(place.isEmpty ? "" : ", \(place)"): \(reason)"
        case .notRecorded(let path, let text, let latent):
            "\(path): latent \(latent) on \"\(text.prefix(60))\" was not recorded. Record it with the "
                + "instrument itself"
        case .cancelled: "the measurement was cancelled"
        case .lost, .deniedSource, .refused, .limitSpent, .badReply: serverText
        }
    }

    private var serverText: String {
        switch self {
        case .lost(let server, let reason):
            "\(server): no reply (\(reason)). Check that it runs and can be reached"
        case .deniedSource(let source, let server, let reason):
            "\(server): activations of \(source) cannot be measured there (\(reason)). Take a source "
                + "with inference, or measure it in this process or with Tools/activation_server"
        case .refused(let server, let status, let reason):
            "\(server): refused with status \(status) (\(reason)). Check the feature's name and the key"
        case .limitSpent(let server, let refusals, let limit):
            "\(server): \(refusals) requests in a row were refused for its limit of "
                + "\(limit.requests) in \(Int(limit.window / 60)) min. Others share the limit; wait "
                + "until they are done"
        case .badReply(let server, let place, let reason):
            "\(server): the reply's \(place) \(reason). It is not the API that is documented"
        default: "the instrument cannot be used"
        }
    }
}
