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
        }
    }
}
