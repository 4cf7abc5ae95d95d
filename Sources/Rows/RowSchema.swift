/// The columns that the user named, and what each is for.
public struct RowSchema: Hashable, Sendable, Codable {
    /// Where the text of a row lies.
    public enum TextColumns: Hashable, Sendable, Codable {
        case single(String)
        /// Two texts of which the first was preferred.
        case pair(preferred: String, other: String)

        public var names: [String] {
            switch self {
            case .single(let column): [column]
            case .pair(let preferred, let other): [preferred, other]
            }
        }
    }

    public let text: TextColumns
    public let target: TargetSpecification
    /// Rows with the same name here (a product, an author) never come apart; nil: each row is alone.
    public let group: String?
    /// A number or a date; where it is given, the confirm rows are the latest.
    public let time: String?
    /// A row whose name here came before is set aside.
    public let identifier: String?
    /// Numbers that a feature must add something to (stars, price).
    public let confounders: [String]
    /// A category within which scores are told as well (polarity).
    public let strata: String?
    /// Rows of a counts target with fewer trials are set aside; at least 1.
    public let minimumTrials: Int

    /// - Throws: ``RowError/contradictorySchema(_:)`` when a pair of texts comes with a target other
    ///   than preference, or the reverse.
    public init(
        text: TextColumns, target: TargetSpecification, group: String? = nil, time: String? = nil,
        identifier: String? = nil, confounders: [String] = [], strata: String? = nil,
        minimumTrials: Int = 1
    ) throws(RowError) {
        switch (text, target) {
        case (.single, .preference):
            throw .contradictorySchema("a preference needs the columns of two texts")
        case (.pair, .numeric), (.pair, .ordinal), (.pair, .binary), (.pair, .counts):
            throw .contradictorySchema("two text columns go with a preference and no other target")
        default: break
        }
        self.text = text
        self.target = target
        self.group = group
        self.time = time
        self.identifier = identifier
        self.confounders = confounders
        self.strata = strata
        self.minimumTrials = max(1, minimumTrials)
    }

    /// Every column named, once, in the order of the declaration.
    public var columns: [String] {
        var seen: Set<String> = []
        let named =
            text.names + target.columns + [group, time, identifier].compactMap { $0 }
            + confounders + [strata].compactMap { $0 }
        return named.filter { seen.insert($0).inserted }
    }
}
