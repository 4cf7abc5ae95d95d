/// A class of English words that a rule can name as one thing instead of listing the words.
public enum WordClass: String, Hashable, Sendable, CaseIterable {
    case animal, body, clothing, colour, country, day, direction, emotion, family, food, month
    case motion, name, nature, negation, number, person, place, preposition, pronoun, question
    case size, speech, time, toy, vehicle, weather

    /// The words, in lower case.
    public var words: Set<String> { Self.tables.words[self] ?? [] }

    /// As a noun phrase: "a colour word".
    var phrase: String {
        switch self {
        case .animal: "an animal"
        case .body: "a body part"
        case .clothing: "a piece of clothing"
        case .colour: "a colour"
        case .country: "a country"
        case .day: "a day of the week"
        case .direction: "a direction"
        case .emotion: "an emotion"
        case .family: "a family member"
        case .food: "a food or drink"
        case .month: "a month"
        case .motion: "a verb of motion"
        case .name: "a first name"
        case .nature: "a thing of nature"
        case .negation: "a negation"
        case .number: "a number word"
        case .person: "a kind of person"
        case .place: "a place"
        case .preposition: "a preposition"
        case .pronoun: "a pronoun"
        case .question: "a question word"
        case .size: "a size word"
        case .speech: "a verb of speech"
        case .time: "a time word"
        case .toy: "a toy"
        case .vehicle: "a vehicle"
        case .weather: "a weather word"
        }
    }

    struct Tables: Sendable {
        var words: [WordClass: Set<String>] = [:]
        var classes: [String: WordClasses] = [:]
    }

    static let tables: Tables = {
        var tables = Tables()
        for (name, list) in lists {
            let words = Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
            tables.words[name] = words
            for word in words { tables.classes[word, default: []].insert(WordClasses(name)) }
        }
        return tables
    }()
}

/// A set of word classes.
public struct WordClasses: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Just one class.
    public init(_ one: WordClass) {
        let place = WordClass.allCases.firstIndex(of: one) ?? 0
        rawValue = 1 << UInt64(place)
    }

    /// The classes that a word belongs to.
    ///
    /// - Parameter word: in lower case.
    public init(containing word: String) { self = WordClass.tables.classes[word] ?? [] }

    /// Every class that the module knows.
    public static let builtIn = WordClasses(
        rawValue: (1 << UInt64(WordClass.allCases.count)) - 1)

    /// The members in alphabetical order.
    public var members: [WordClass] { WordClass.allCases.filter { contains(WordClasses($0)) } }
}
