import JSON

/// A stretch of text that a pattern matched, or one between matches.
struct Run: Hashable, Sendable {
    var start: Int
    var end: Int
    var isMatch: Bool
}

/// What a splitter or a replacement looks for: a text, or a regular expression.
///
/// Expressions of well-known tokenizers are scanned by hand; others run on ``PatternProgram``.
struct TextPattern: Sendable {
    private enum Kind: Sendable {
        case literal([UInt8])
        case words(WordScanner)
        case program(PatternProgram)
        /// `\w+|[^\w\s]+` with the classes of Rust.
        case plainWords
        /// So many scalars each.
        case chunks(Int)
    }

    private let kind: Kind

    static let plainWords = TextPattern(kind: .plainWords)

    static func chunks(of length: Int) -> TextPattern { TextPattern(kind: .chunks(length)) }

    private init(kind: Kind) { self.kind = kind }

    init(literal: String) { kind = .literal(Array(literal.utf8)) }

    init(words: WordScanner) { kind = .words(words) }

    /// - Parameter scansByHand: false to run even a well-known expression on the general matcher.
    init(expression: String, scansByHand: Bool = true) throws(PatternFlaw) {
        if scansByHand, let scanner = WordScanner(expression: expression) {
            kind = .words(scanner)
        } else {
            kind = .program(try PatternProgram(expression))
        }
    }

    /// Reads `{"String": …}` or `{"Regex": …}`.
    init(_ fields: inout ComponentFields, _ field: String) throws(TokenizerError) {
        var pattern = try fields.nested(field)
        if let literal = try pattern.optionalText("String") {
            guard !literal.isEmpty else {
                throw pattern.invalid("String", .string(literal), "a text, not empty")
            }
            self.init(literal: literal)
        } else {
            let expression = try pattern.text("Regex")
            do {
                try self.init(expression: expression)
            } catch {
                throw .unsupportedPattern(
                    path: fields.path, field: pattern.name("Regex"), pattern: expression,
                    reason: error.reason)
            }
        }
        try pattern.finish()
    }

    /// Runs that cover the text, matches and what lies between.
    func runs(in text: ArraySlice<UInt8>) throws(TokenizerError) -> [Run] {
        var runs: [Run] = []
        let result = text.withUnsafeBufferPointer { text in
            Result { () throws(TokenizerError) in try addRuns(in: text, to: &runs) }
        }
        try result.get()
        return runs
    }

    func addRuns(
        in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]
    ) throws(TokenizerError) {
        guard !text.isEmpty else { return }
        switch kind {
        case .words(let scanner): scanner.addRuns(in: text, to: &runs)
        case .literal(let literal): Self.addRuns(of: literal, in: text, to: &runs)
        case .program(let program): try program.addRuns(in: text, to: &runs)
        case .plainWords: Self.addPlainWords(in: text, to: &runs)
        case .chunks(let length): Self.addChunks(of: length, in: text, to: &runs)
        }
    }

    private static func addPlainWords(
        in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]
    ) {
        let classes = ScalarClasses.standard
        var start = 0
        var kind: UInt32?
        var at = 0
        while at < text.count {
            let (scalar, length) = UTF8Text.scalar(text, at)
            let next =
                classes[scalar] & (ScalarClasses.Flags.plainWord | ScalarClasses.Flags.space)
            if let kind, kind != next {
                let isMatch = kind != ScalarClasses.Flags.space
                runs.append(Run(start: start, end: at, isMatch: isMatch))
                start = at
            }
            kind = next
            at += length
        }
        let isMatch = kind != ScalarClasses.Flags.space
        if start < at { runs.append(Run(start: start, end: at, isMatch: isMatch)) }
    }

    private static func addChunks(
        of length: Int, in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]
    ) {
        var start = 0
        var at = 0
        var count = 0
        while at < text.count {
            at += UTF8Text.scalar(text, at).1
            count += 1
            guard count == length || at == text.count else { continue }
            runs.append(Run(start: start, end: at, isMatch: true))
            start = at
            count = 0
        }
    }

    private static func addRuns(
        of literal: [UInt8], in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]
    ) {
        var start = 0
        var at = 0
        while at + literal.count <= text.count {
            guard text[at] == literal[0], text[at..<at + literal.count].elementsEqual(literal)
            else {
                at += 1
                continue
            }
            if start < at { runs.append(Run(start: start, end: at, isMatch: false)) }
            runs.append(Run(start: at, end: at + literal.count, isMatch: true))
            at += literal.count
            start = at
        }
        if start < text.count { runs.append(Run(start: start, end: text.count, isMatch: false)) }
    }
}
