/// Why the review pages cannot be served.
public enum ServeError: Error, Hashable, Sendable {
    case secret(path: String, reason: String)
    case noRaters
}

extension ServeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .secret(let path, let reason):
            "\(path): the secret of the review pages cannot be used: \(reason)"
        case .noRaters: "nobody may decide: name at least one rater"
        }
    }
}
