extension TextExpression {
    /// What the expression measures, in plain words.
    public var sentence: String { root.sentence }
}

extension ExpressionNode {
    fileprivate var sentence: String {
        switch self {
        case .number(let value): Self.text(value)
        case .fact(let fact): fact.sentence
        case .hits(let source): "number of \(source.sentence)"
        case .position(let source): "how far into the text the first of \(source.sentence) stands"
        case .starts(let list): "1 if the text starts with \(HitSource.some(list)), else 0"
        case .ends(let list): "1 if the text ends with \(HitSource.some(list)), else 0"
        case .negate(let node): "minus \(node.operand)"
        case .not(let node): "1 if not \(node.operand), else 0"
        case .binary(let sign, let a, let b): "\(a.operand) \(sign.sentence) \(b.operand)"
        case .call(let function, let nodes): function.sentence(nodes.map(\.operand))
        case .choice(let condition, let then, let otherwise):
            "if \(condition.sentence): \(then.operand), else \(otherwise.operand)"
        case .share(let node): "\(node.operand) per word"
        case .window(.first(let count), let node): "\(node.sentence) in the first \(count) words"
        case .window(.last(let count), let node): "\(node.sentence) in the last \(count) words"
        }
    }

    private var operand: String {
        switch self {
        case .binary, .choice, .starts, .ends, .not: "(\(sentence))"
        default: sentence
        }
    }
}

extension BinaryOperator {
    fileprivate var sentence: String {
        switch self {
        case .or: "or"
        case .and: "and"
        case .less: "is below"
        case .lessOrEqual: "is at most"
        case .greater: "is above"
        case .greaterOrEqual: "is at least"
        case .equal: "equals"
        case .unequal: "differs from"
        case .plus: "plus"
        case .minus: "minus"
        case .times: "times"
        case .over: "divided by"
        }
    }
}

extension NumberFunction {
    fileprivate func sentence(_ arguments: [String]) -> String {
        switch self {
        case .min: "the smallest of \(arguments.joined(separator: ", "))"
        case .max: "the largest of \(arguments.joined(separator: ", "))"
        case .log1p: "logarithm of 1 plus \(arguments[0])"
        case .sqrt: "square root of \(arguments[0])"
        case .abs: "size of \(arguments[0]) without its sign"
        case .clip: "\(arguments[0]) kept between \(arguments[1]) and \(arguments[2])"
        case .round: "\(arguments[0]) rounded"
        }
    }
}

extension HitSource {
    fileprivate var sentence: String {
        switch self {
        case .lexicon(let name): "words of \(Lexicon.named(name)?.title ?? name)"
        case .words(let list): "words \(Self.some(list))"
        case .literals(let list): "occurrences of \(Self.some(list))"
        case .named(let name): NamedPatterns.shipped.entry(name)?.title ?? name
        case .pattern(let source): "stretches that match /\(source)/"
        }
    }

    fileprivate static func some(_ list: [String]) -> String {
        let shown = list.prefix(5).map { "“\($0)”" }.joined(separator: ", ")
        return list.count > 5 ? "\(shown) and \(list.count - 5) more" : shown
    }
}
