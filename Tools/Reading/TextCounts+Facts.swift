extension TextCounts {
    /// A fact's value; not a number where it is a mean of nothing.
    func value(of fact: TextFact) -> Double {
        switch fact {
        case .words: Double(words)
        case .characters: Double(characters)
        case .letters: Double(letters)
        case .capitals: Double(capitals)
        case .digits: Double(digits)
        case .spaces: Double(spaces)
        case .punctuation: Double(punctuation)
        case .exclamations: Double(exclamations)
        case .questions: Double(questions)
        case .commas: Double(commas)
        case .symbols: Double(symbols)
        case .sentences: Double(sentences)
        case .paragraphs: Double(paragraphs)
        case .lines: Double(lines)
        case .syllables: Double(syllables)
        case .distinctWords: Double(distinctWords)
        case .singleWords: Double(singleWords)
        case .longWords: Double(longWords)
        case .shortWords: Double(shortWords)
        case .complexWords: Double(complexWords)
        case .capitalisedWords: Double(capitalisedWords)
        case .capitalWords: Double(capitalWords)
        case .numbers: Double(numbers)
        case .longestWord: Double(longestWord)
        case .longestSentence: Double(longestSentence)
        case .shortestSentence: sentences > 0 ? Double(shortestSentence) : 0
        case .meanWordLength: Double(wordCharacters) / Double(words)
        case .meanSentenceLength: Double(words) / Double(sentences)
        case .sentenceLengthDeviation: sentenceLengthDeviation
        case .typeTokenRatio: Double(distinctWords) / Double(words)
        case .fleschReadingEase: 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord
        case .fleschKincaidGrade: 0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59
        case .gunningFog: 0.4 * (wordsPerSentence + 100 * Double(complexWords) / Double(words))
        }
    }

    private var wordsPerSentence: Double { Double(words) / Double(sentences) }

    private var syllablesPerWord: Double { Double(syllables) / Double(words) }

    /// The standard deviation over the sentences themselves (divisor n).
    private var sentenceLengthDeviation: Double {
        let mean = wordsPerSentence
        return max(0, Double(squaredLengths) / Double(sentences) - mean * mean).squareRoot()
    }
}
