extension TextExpression: CustomStringConvertible {
    /// The one spelling of the expression; reading it gives the expression again.
    public var description: String { root.text(level: 0) }
}

extension ExpressionNode {
    /// The node's text where an operand must bind at least as tightly as `level`.
    func text(level: Int) -> String {
        let (text, own) = spelling
        return own >= level ? text : "(\(text))"
    }

    private static let tightest = 9

    /// The text and how tightly it binds.
    private var spelling: (String, Int) {
        switch self {
        case .number(let value): (Self.text(value), Self.tightest)
        case .fact(let fact): (fact.rawValue, Self.tightest)
        case .hits(let source): (source.text, Self.tightest)
        case .position(let source): ("position(\(source.text))", Self.tightest)
        case .starts(let list): ("starts(\(HitSource.text(list)))", Self.tightest)
        case .ends(let list): ("ends(\(HitSource.text(list)))", Self.tightest)
        case .negate(let node): ("-" + node.text(level: 7), 7)
        case .not(let node): ("not " + node.text(level: 3), 3)
        case .binary(let sign, let a, let b):
            (
                a.text(level: sign.level == BinaryOperator.comparisonLevel ? 5 : sign.level)
                    + " \(sign.rawValue) " + b.text(level: sign.level + 1), sign.level
            )
        case .call(let function, let nodes):
            (
                "\(function.rawValue)(\(nodes.map { $0.text(level: 1) }.joined(separator: ", ")))",
                Self.tightest
            )
        case .choice(let condition, let then, let otherwise):
            (
                "if \(condition.text(level: 1)) then \(then.text(level: 1)) else "
                    + otherwise.text(level: 1), 0
            )
        case .share(let node): ("share(\(node.text(level: 1)))", Self.tightest)
        case .window(.first(let count), let node):
            ("first(\(count), \(node.text(level: 1)))", Self.tightest)
        case .window(.last(let count), let node):
            ("last(\(count), \(node.text(level: 1)))", Self.tightest)
        }
    }

    static func text(_ value: Double) -> String {
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}

extension HitSource {
    var text: String {
        switch self {
        case .lexicon(let name): "lexicon(\(name))"
        case .words(let list): "words(\(Self.text(list)))"
        case .literals(let list): "count(\(Self.text(list)))"
        case .named(let name): "pattern(\(name))"
        case .pattern(let source): "matches(/\(source)/)"
        }
    }

    static func text(_ list: [String]) -> String {
        list.map { "\"\(escaped($0))\"" }.joined(separator: ", ")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
