extension TextExpression {
    /// The whole language on a page, for people and for prompts.
    public static var guide: String {
        """
        An expression is a number computed from a text. Letter case and the kind of quotes and
        dashes do not matter, except in matches.

        Numbers and arithmetic: 3.5, + - * /, < <= > >= == != (1 or 0), and, or, not,
          if a then b else c, \(NumberFunction.allCases.map(\.rawValue).joined(separator: ", "))
          (clip(x, low, high)). Without a value (a division by zero): missing.
        Facts of the text:
        \(list(TextFact.allCases.map { ($0.rawValue, $0.sentence) }))
        Counts of hits:
          words("a", "b c", "stem*")   words and phrases; * stands for any ending
          count("!!", "...")           stretches of characters
          matches(/\\$\\d+/)             a pattern: . [classes] \\d \\w \\s groups | * + ? {m,n}, and
                                       ^ $ \\b at its ends, (?i) at its start
          lexicon(name), pattern(name)
        About hits: position(hits) is where the first stands, 0 at the start and 1 at the end.
        share(x) is x per word; first(n, x) and last(n, x) are x of the first or last n words.
        starts("…"), ends("…") are 1 if the text starts or ends so, else 0.
        Lexicons:
        \(list(Lexicon.all.map { ($0.name, $0.title) }))
        Patterns:
        \(list(NamedPatterns.shipped.entries.map { ($0.name, $0.title) }))
        """
    }

    private static func list(_ entries: [(String, String)]) -> String {
        entries.map { "  \($0): \($1)" }.joined(separator: "\n")
    }
}
