/// The tree of an expression. Every node has a value or is missing; none can fail or run on.
indirect enum ExpressionNode: Hashable, Sendable {
    case number(Double)
    case fact(TextFact)
    case hits(HitSource)
    /// Where the first hit begins: 0 at the text's start, 1 at its end; missing without a hit.
    case position(HitSource)
    case starts([String])
    case ends([String])
    case negate(ExpressionNode)
    case not(ExpressionNode)
    case binary(BinaryOperator, ExpressionNode, ExpressionNode)
    case call(NumberFunction, [ExpressionNode])
    case choice(ExpressionNode, then: ExpressionNode, otherwise: ExpressionNode)
    /// The value per word of the text.
    case share(ExpressionNode)
    case window(TextWindow, ExpressionNode)
}

/// What is searched for in a text.
enum HitSource: Hashable, Sendable {
    case lexicon(String)
    /// Words and phrases; a final `*` stands for any ending.
    case words([String])
    /// Stretches of characters, wherever they stand.
    case literals([String])
    case named(String)
    case pattern(String)
}

/// A part of a text that is looked at as if it were all.
enum TextWindow: Hashable, Sendable {
    case first(Int)
    case last(Int)

    static let limit = 100_000
}

enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
    case or, and
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case unequal = "!="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"

    /// How tightly it binds; equal levels group to the left, comparisons not at all.
    var level: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal: 4
        case .plus, .minus: 5
        case .times, .over: 6
        }
    }

    static let comparisonLevel = 4
}

enum NumberFunction: String, Hashable, Sendable, CaseIterable {
    case min, max, log1p, sqrt, abs, clip, round

    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .min, .max: 2...16
        case .log1p, .sqrt, .abs, .round: 1...1
        case .clip: 3...3
        }
    }
}
