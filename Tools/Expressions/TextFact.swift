/// A number that a text has in itself, computed once for all expressions that name it.
///
/// A word is a run of letters and digits, with apostrophes inside it. A sentence holds a word and
/// ends with points, exclamation or question marks before white space (not before a small letter),
/// or with a blank line. Curly quotes, dashes and bullets count as their plain forms.
public enum TextFact: String, CaseIterable, Hashable, Sendable {
    case words
    case characters
    case letters
    case capitals
    case digits
    case spaces
    case punctuation
    case exclamations
    case questions
    case commas
    case symbols
    case sentences
    case paragraphs
    case lines
    case syllables
    case distinctWords = "distinct_words"
    case singleWords = "single_words"
    case longWords = "long_words"
    case shortWords = "short_words"
    case complexWords = "complex_words"
    case capitalisedWords = "capitalised_words"
    case capitalWords = "all_caps_words"
    case numbers
    case longestWord = "longest_word"
    case longestSentence = "longest_sentence"
    case shortestSentence = "shortest_sentence"
    case meanWordLength = "mean_word_length"
    case meanSentenceLength = "mean_sentence_length"
    case sentenceLengthDeviation = "sentence_length_deviation"
    case typeTokenRatio = "type_token_ratio"
    case fleschReadingEase = "flesch_reading_ease"
    case fleschKincaidGrade = "flesch_kincaid_grade"
    case gunningFog = "gunning_fog"

    /// What is counted or computed, in plain words.
    public var sentence: String {
        switch self {
        case .words: "number of words"
        case .characters: "number of characters"
        case .letters: "number of letters"
        case .capitals: "number of capital letters"
        case .digits: "number of digits"
        case .spaces: "number of white-space characters"
        case .punctuation: "number of punctuation marks"
        case .exclamations: "number of exclamation marks"
        case .questions: "number of question marks"
        case .commas: "number of commas"
        case .symbols: "number of other symbols, such as emoji"
        case .sentences: "number of sentences"
        case .paragraphs: "number of paragraphs"
        case .lines: "number of lines that are not empty"
        case .syllables: "number of syllables"
        case .distinctWords: "number of different words"
        case .singleWords: "number of words that occur once only"
        case .longWords: "number of words of 7 letters or more"
        case .shortWords: "number of words of 3 letters or fewer"
        case .complexWords: "number of words of 3 syllables or more"
        case .capitalisedWords: "number of words with a capital initial inside sentences"
        case .capitalWords: "number of words written in capitals"
        case .numbers: "number of words that hold a digit"
        case .longestWord: "length of the longest word"
        case .longestSentence: "words in the longest sentence"
        case .shortestSentence: "words in the shortest sentence"
        case .meanWordLength: "mean length of a word"
        case .meanSentenceLength: "mean words of a sentence"
        case .sentenceLengthDeviation: "standard deviation of the sentences' lengths"
        case .typeTokenRatio: "different words per word"
        case .fleschReadingEase: "Flesch reading ease"
        case .fleschKincaidGrade: "Flesch–Kincaid grade"
        case .gunningFog: "Gunning fog index"
        }
    }

    var index: Int { Self.indices[self] ?? 0 }

    private static let indices = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    /// Facts that need every word's syllables.
    var needsSyllables: Bool {
        switch self {
        case .syllables, .complexWords, .fleschReadingEase, .fleschKincaidGrade, .gunningFog: true
        default: false
        }
    }

    /// Facts that need every word's number of occurrences.
    var needsVocabulary: Bool {
        switch self {
        case .distinctWords, .singleWords, .typeTokenRatio: true
        default: false
        }
    }
}
