extension DictionaryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .instrument(let error): "\(error)"
        case .subject(let error): "\(error)"
        case .corpus(let error): "\(error)"
        case .badPlan(let field, let value, let expected):
            "\(field) is \(value). Give a number \(expected)"
        case .differentStreams(let plan):
            "plan \(plan + 1) wants other activations than plan 1: dictionaries that are trained together "
                + "must agree in tokens, batch, contexts, seed and what is done to activations. Train it "
                + "by itself"
        case .longContext(let length, let limit):
            "contexts of \(length) tokens, the first token included, and the model reads \(limit). "
                + "Give a smaller context length"
        case .smallCorpus(let part, let tokens, let least):
            "the corpus is too small: its \(part) has \(tokens) tokens, and it takes \(least). Give "
                + "more text, or a smaller batch"
        case .noBoard(let path, let vocabulary):
            "\(path): the vocabulary has \(vocabulary) tokens, and a model that plays Othello has 33 or "
                + "61. Name such a model, or give texts with --corpus"
        case .uselessActivations(let hook, let reason):
            "the activations at \(hook) cannot be trained on: \(reason). Name another hook"
        case .diverged(let step, let checkpoint):
            "the loss is no finite number after step \(step). Give a smaller learning rate"
                + (checkpoint.map { "; the last good checkpoint is \($0)" } ?? "")
        case .foreignState(let reason):
            "the training cannot go on from this checkpoint: \(reason). Name the checkpoint of this "
                + "training, or begin anew"
        case .folderExists(let path):
            "\(path) is there already, and would be overwritten. Name a new folder, or remove it"
        case .unfinished(let path):
            "\(path) holds a training that was not finished. Add --resume to go on with it, or remove it"
        case .locked(let path):
            "\(path) is in use by another process. Wait for it, or name another place"
        case .damagedCheckpoint(let path, let reason):
            "\(path) cannot be gone on from: \(reason). Remove it and begin anew"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason). Make room or name another place, and run it again"
        case .noLayout(let format, let reason):
            "the layout of \(format) has no place for this dictionary: \(reason). Write it as sae-lens"
        case .stopped(let step, nil): "stopped after step \(step); nothing is written"
        case .stopped(let step, let checkpoint?):
            "stopped after step \(step), which \(checkpoint) holds. Run the same with --resume to go on"
        }
    }
}
