extension EvaluationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .subject(let error): "\(error)"
        case .transcoder(let name):
            "\(name) gives back other rows than it is given, as transcoders do, and its "
                + "reconstruction cannot be measured. Name a dictionary whose widths agree"
        case .otherHook(let name, let found, let expected):
            "\(name) was trained at \(found), and the rows are of \(expected). Measure it in a run "
                + "of its own"
        case .tooFew(let what, let found, let least):
            "there are \(found) \(what), and the measurement takes \(least). Give more"
        case .badOption(let name, let value, let expected):
            "\(name) is \(value). Give a number \(expected)"
        case .badFile(let path, let reason): "\(path) cannot be used: \(reason)"
        case .unknownProperty(let name, let known):
            "there is no property \"\(name.prefix(60))\". There are, for instance, "
                + known.joined(separator: ", ")
        case .unfitted(let property, let reason):
            "\(property) cannot be read off latents: \(reason). Leave the property out"
        case .badResult(let reason): "the result cannot be read: \(reason)"
        }
    }
}
