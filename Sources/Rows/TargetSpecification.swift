/// What is to be predicted, and the columns it is read from.
public enum TargetSpecification: Hashable, Sendable, Codable {
    /// A number.
    case numeric(String)
    /// One of a few numbers of which only the order counts, for instance stars.
    case ordinal(String)
    /// True or false, yes or no, 1 or 0.
    case binary(String)
    /// Whole numbers: how many of how many, for instance helpful votes of all votes.
    case counts(successes: String, trials: String)
    /// Which of two texts a person preferred; the texts' columns say it.
    case preference

    /// What kind of number a target is.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case numeric, ordinal, binary, counts, preference
    }

    /// Reads a target as a user writes it: a column, or "successes/trials".
    ///
    /// - Parameter kind: what the column holds; nil takes counts where there is a slash with a name
    ///   on both sides, and a number otherwise.
    /// - Returns: nil when the text does not fit the kind.
    public init?(_ text: String, kind: Kind? = nil) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isShare = parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
        switch kind ?? (isShare ? .counts : .numeric) {
        case .numeric: self = .numeric(text)
        case .ordinal: self = .ordinal(text)
        case .binary: self = .binary(text)
        case .counts:
            guard isShare else { return nil }
            self = .counts(successes: parts[0], trials: parts[1])
        case .preference: self = .preference
        }
    }

    public var kind: Kind {
        switch self {
        case .numeric: .numeric
        case .ordinal: .ordinal
        case .binary: .binary
        case .counts: .counts
        case .preference: .preference
        }
    }

    /// The columns it is read from.
    public var columns: [String] {
        switch self {
        case .numeric(let column), .ordinal(let column), .binary(let column): [column]
        case .counts(let successes, let trials): [successes, trials]
        case .preference: []
        }
    }
}
