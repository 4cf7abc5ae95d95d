extension ExemplarError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .instrument(let error): "\(error)"
        case .subject(let error): "\(error)"
        case .badPlan(let field, let value, let expected):
            "\(field) is \(value). Give a number \(expected)"
        case .longContext(let length, let limit):
            "contexts of \(length) tokens, the first token included, and the model reads \(limit). "
                + "Give a smaller context length"
        case .unreadableCorpus(let path, let reason):
            "corpus \(path): \(reason). Name readable files with text"
        case .badDocument(let path, let offset, let reason):
            "corpus \(path), the document at byte \(offset): \(reason). Correct it, or leave it out"
        case .corpusTooLong(let limit):
            "the corpus has more than \(limit) tokens, which the counters do not hold. Split it"
        case .otherStore(let path, let what, let stored, let asked):
            "\(path) was begun with another \(what) (\(stored), not \(asked)). Name a new folder, or "
                + "remove this one"
        case .locked(let path):
            "\(path) is being written by another process. Wait for it, or name another folder"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason). Make room or name another place, and run it again"
        case .noStore(let path, let reason):
            "\(path): \(reason). `conjecture exemplars` makes a store"
        case .damaged(let path, let place, let reason):
            "\(path) is damaged at \(place): \(reason). Remove it and make it again"
        case .unknownLatent(let latent, let count):
            "latent \(latent) of a store that has \(count). Ask for one from 0 to \(count - 1)"
        case .stopped(let path):
            "stopped; what was measured is kept in \(path), and the same command goes on"
        }
    }
}
