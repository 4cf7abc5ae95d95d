/// The rows that were not used, counted by reason. Nothing is dropped in silence.
public struct SetAside: Hashable, Sendable, Codable {
    /// Why a row was not used.
    public struct Reason: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case tooLong
            case notUTF8
            case malformed
            case wrongFieldCount
            case noValue
            case emptyText
            case notText
            case wrongType
            case equalTexts
            case tooFewTrials
            case impossibleCounts
            case duplicateIdentifier
        }

        public let kind: Kind
        /// The column at fault, where it is one column's.
        public let column: String?

        public init(_ kind: Kind, column: String? = nil) {
            self.kind = kind
            self.column = column
        }
    }

    /// One row set aside.
    public struct Example: Hashable, Sendable, Codable {
        public let place: RowPlace
        /// What was found, shortened.
        public let detail: String
    }

    public struct Entry: Hashable, Sendable, Codable {
        public let reason: Reason
        public private(set) var count: Int
        /// The first rows of this reason, at most ``SetAside/exampleLimit``.
        public private(set) var examples: [Example]

        fileprivate mutating func add(_ example: Example) {
            count += 1
            if examples.count < SetAside.exampleLimit { examples.append(example) }
        }
    }

    public static let exampleLimit = 3

    /// In the order in which the reasons first occurred.
    public private(set) var entries: [Entry] = []

    public init() {}

    /// All rows set aside.
    public var count: Int { entries.reduce(0) { $0 + $1.count } }

    /// How many for one kind of reason, over all columns.
    public func count(of kind: Reason.Kind) -> Int {
        entries.reduce(0) { $0 + ($1.reason.kind == kind ? $1.count : 0) }
    }

    /// Counts a row.
    public mutating func add(_ reason: Reason, at place: RowPlace, detail: String) {
        let example = Example(place: place, detail: String(detail.prefix(200)))
        if let at = entries.firstIndex(where: { $0.reason == reason }) {
            entries[at].add(example)
        } else {
            entries.append(Entry(reason: reason, count: 1, examples: [example]))
        }
    }
}

extension SetAside: CustomStringConvertible {
    /// One line per reason, with the first row it befell.
    public var description: String {
        entries.map(\.description).joined(separator: "\n")
    }
}

extension SetAside.Entry: CustomStringConvertible {
    public var description: String {
        let rows = count == 1 ? "1 row" : "\(count) rows"
        let first = examples.first.map { "; first \($0.place): \($0.detail)" } ?? ""
        return "\(rows) set aside: \(reason)\(first)"
    }
}

extension SetAside.Reason: CustomStringConvertible {
    public var description: String {
        let column = column.map { "column \(RowError.quoted($0))" } ?? "the row"
        return switch kind {
        case .tooLong: "the record is too long"
        case .notUTF8: "the record is not UTF-8"
        case .malformed: "the record cannot be read"
        case .wrongFieldCount: "the record has another number of fields than the header"
        case .noValue: "\(column) has no value"
        case .emptyText: "\(column) is an empty text"
        case .notText: "\(column) is no text"
        case .equalTexts: "both texts of the pair are the same"
        case .wrongType: "\(column) has a value of the wrong type"
        case .tooFewTrials: "\(column) is below the least number of trials"
        case .impossibleCounts: "\(column) has counts that cannot be"
        case .duplicateIdentifier: "\(column) has a name that came before"
        }
    }
}
