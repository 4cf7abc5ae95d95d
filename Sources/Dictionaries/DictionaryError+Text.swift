extension DictionaryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .instrument(let error): "\(error)"
        case .subject(let error): "\(error)"
        case .corpus(let error): "\(error)"
        case .badPlan(let field, let value, let expected):
            "\(field) is \(value). Give a number \(expected)"
        case .longContext(let length, let limit):
            "contexts of \(length) tokens, the first token included, and the model reads \(limit). "
                + "Give a smaller context length"
        case .smallCorpus(let part, let tokens, let least):
            "the corpus is too small: its \(part) has \(tokens) tokens, and it takes \(least). Give "
                + "more text, or a smaller batch"
        case .uselessActivations(let hook, let reason):
            "the activations at \(hook) cannot be trained on: \(reason). Name another hook"
        case .diverged(let step):
            "the loss is no finite number after step \(step). Give a smaller learning rate"
        case .foreignState(let reason):
            "the training cannot go on from this checkpoint: \(reason). Name the checkpoint of this "
                + "training, or begin anew"
        case .folderExists(let path):
            "\(path) is there already, and would be overwritten. Name a new folder, or remove it"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason). Make room or name another place, and run it again"
        case .stopped(let step): "stopped after step \(step); nothing is written"
        }
    }
}
