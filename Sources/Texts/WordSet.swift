/// The words that a property asks for: a list, or a class with a name.
public enum WordSet: Hashable, Sendable {
    /// In lower case, sorted, without repeats; make it with ``init(_:)``.
    case words([String])
    case named(WordClass)

    /// The most words in a list.
    public static let wordLimit = 64

    /// - Parameter words: in any case and order; at least one, at most ``wordLimit``.
    /// - Returns: nil when there are too few or too many, or one is empty or too long.
    public init?(_ words: some Sequence<String>) {
        let list = Set(words.map(UnitCutter.fold)).sorted()
        guard !list.isEmpty, list.count <= Self.wordLimit,
            list.allSatisfy({ !$0.isEmpty && $0.utf8.count <= TextProperty.textByteLimit })
        else { return nil }
        self = .words(list)
    }

    /// The set of one word that is folded already; nil when it is too long.
    init?(folded word: String) {
        guard word.utf8.count <= TextProperty.textByteLimit else { return nil }
        self = .words([word])
    }

    /// Whether the unit at `index` is one of the words.
    func contains(_ index: Int, of text: TextUnits) -> Bool {
        switch self {
        case .named(let name): text.facts[index].classes.contains(WordClasses(name))
        case .words(let list): list.contains(text.units[index].folded)
        }
    }

    /// The words in a fixed order, whether listed or named.
    public var members: [String] {
        switch self {
        case .words(let list): list
        case .named(let name): name.words.sorted()
        }
    }

    /// 1 for a single word or a class, 1 more for each further word.
    var complexity: Int {
        switch self {
        case .words(let list): list.count
        case .named: 1
        }
    }

    /// What stands between the brackets of a formula.
    var formula: String {
        switch self {
        case .words(let list): list.map(FormulaText.quoted).joined(separator: ", ")
        case .named(let name): "class(\(name.rawValue))"
        }
    }

    /// `"little" or "big"`, or `a colour`.
    var phrase: String {
        switch self {
        case .words(let list): FormulaText.list(list)
        case .named(let name): name.phrase
        }
    }
}
