/// Reads an expression by recursive descent; see ``TextExpression/guide`` for the language.
struct ExpressionParser {
    let source: String
    var scalars: [Unicode.Scalar]
    var i = 0
    private var depth = 0
    private var isInWindow = false

    init(_ source: String) throws(ToolError) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    /// The whole expression; nothing may follow it.
    mutating func expression() throws(ToolError) -> ExpressionNode {
        let node = try operation(level: 1)
        skipSpace()
        guard i == scalars.count else {
            throw fault("nothing may follow here; is a ( or an operator missing?")
        }
        guard node.nodeCount <= TextExpression.nodeLimit, node.depth <= TextExpression.depthLimit
        else {
            throw fault("it is too large; make several features of it")
        }
        return node
    }

    /// An operand and the operators that bind at least as tightly as `level`.
    mutating func operation(level: Int) throws(ToolError) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= TextExpression.nestingLimit else { throw fault("it is nested too deeply") }
        var node = try operand()
        while let (sign, length) = peekOperator(), sign.level >= level {
            i += length
            let right = try operation(level: sign.level + 1)
            node = .binary(sign, node, right)
            if sign.level == BinaryOperator.comparisonLevel, let next = peekOperator(),
                next.0.level == sign.level
            {
                throw fault("comparisons cannot be chained; join two of them with and")
            }
            guard node.depth <= TextExpression.depthLimit else {
                throw fault("it is too long; use fewer terms")
            }
        }
        return node
    }

    private mutating func operand() throws(ToolError) -> ExpressionNode {
        skipSpace()
        if take("-") { return .negate(try operation(level: 7)) }
        if take("(") {
            let node = try operation(level: 1)
            try expect(")")
            return node
        }
        guard let next = peek else { throw fault("a value is missing at the end") }
        if "0"..."9" ~= next { return .number(try number()) }
        let start = i
        let name = self.name()
        switch name {
        case "": throw fault("\(next) is not expected; a value is a number, a name or a (")
        case "not": return .not(try operation(level: 3))
        case "if": return try choice()
        default:
            skipSpace()
            return peek == "(" ? try call(name, at: start) : try fact(name, at: start)
        }
    }

    private mutating func choice() throws(ToolError) -> ExpressionNode {
        let condition = try operation(level: 1)
        try expectWord("then")
        let then = try operation(level: 1)
        try expectWord("else")
        return .choice(condition, then: then, otherwise: try operation(level: 1))
    }

    private func fact(_ name: String, at start: Int) throws(ToolError) -> ExpressionNode {
        if let fact = TextFact(rawValue: name) { return .fact(fact) }
        if Lexicon.named(name) != nil {
            throw fault("\(name) is a lexicon; write lexicon(\(name))", at: start)
        }
        if NamedPatterns.shipped.entry(name) != nil {
            throw fault("\(name) is a pattern; write pattern(\(name))", at: start)
        }
        throw fault(
            "\(ToolError.line(name)) is not known; facts are "
                + TextFact.allCases.map(\.rawValue).joined(separator: ", "), at: start)
    }

    private mutating func call(_ name: String, at start: Int) throws(ToolError) -> ExpressionNode {
        try expect("(")
        let node: ExpressionNode
        if let source = try hitSource(name, at: start) {
            node = .hits(source)
        } else {
            node = try otherCall(name, at: start)
        }
        try expect(")")
        return node
    }

    private mutating func otherCall(_ name: String, at start: Int) throws(ToolError)
        -> ExpressionNode
    {
        switch name {
        case "share": return .share(try operation(level: 1))
        case "first", "last":
            guard !isInWindow else {
                throw fault("first and last cannot stand in each other", at: start)
            }
            isInWindow = true
            defer { isInWindow = false }
            skipSpace()
            let count = try number()
            guard let count = Int(exactly: count), 1...TextWindow.limit ~= count else {
                throw fault("\(name) takes a whole number of words from 1 to \(TextWindow.limit)")
            }
            try expect(",")
            let node = try operation(level: 1)
            return .window(name == "first" ? .first(count) : .last(count), node)
        case "position":
            skipSpace()
            let start = i
            let inner = self.name()
            try expect("(")
            guard let source = try hitSource(inner, at: start) else {
                throw fault("position takes words, count, matches, lexicon or pattern", at: start)
            }
            try expect(")")
            return .position(source)
        case "starts": return .starts(try strings(Self.literal))
        case "ends": return .ends(try strings(Self.literal))
        default: return try numberCall(name, at: start)
        }
    }

    private mutating func numberCall(_ name: String, at start: Int) throws(ToolError)
        -> ExpressionNode
    {
        guard let function = NumberFunction(rawValue: name) else {
            throw fault(
                "there is no function \(ToolError.line(name)); known are \(Self.functions)",
                at: start)
        }
        var arguments = [try operation(level: 1)]
        while take(",") { arguments.append(try operation(level: 1)) }
        let allowed = function.argumentCounts
        guard allowed.contains(arguments.count) else {
            let count =
                allowed.count == 1
                ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
            throw fault("\(name) takes \(count) arguments, not \(arguments.count)", at: start)
        }
        return .call(function, arguments)
    }

    static let functions =
        ([
            "words", "count", "matches", "lexicon", "pattern", "position", "starts", "ends",
            "share", "first", "last",
        ]
        + NumberFunction.allCases.map(\.rawValue)).joined(separator: ", ")

    private mutating func hitSource(_ name: String, at start: Int) throws(ToolError) -> HitSource? {
        switch name {
        case "words": return .words(try strings(Self.phrase))
        case "count": return .literals(try strings(Self.literal))
        case "matches": return .pattern(try pattern())
        case "lexicon":
            let name = try argumentName()
            guard Lexicon.named(name) != nil else {
                throw fault(
                    "there is no lexicon \(ToolError.line(name)); known are "
                        + Lexicon.all.map(\.name).joined(separator: ", "))
            }
            return .lexicon(name)
        case "pattern":
            let name = try argumentName()
            guard NamedPatterns.shipped.entry(name) != nil else {
                throw fault(
                    "there is no pattern \(ToolError.line(name)); known are "
                        + NamedPatterns.shipped.entries.map(\.name).joined(separator: ", "))
            }
            return .named(name)
        default: return nil
        }
    }

    private mutating func argumentName() throws(ToolError) -> String {
        skipSpace()
        if peek == "\"" { return try string() }
        return name()
    }

    private mutating func strings(
        _ check: (String) -> Result<String, ListFault>
    ) throws(ToolError) -> [String] {
        var list: [String] = []
        repeat {
            skipSpace()
            let start = i
            switch check(try string()) {
            case .success(let entry): if !list.contains(entry) { list.append(entry) }
            case .failure(let flaw): throw fault(flaw.reason, at: start)
            }
            guard list.count <= TextExpression.listLimit else {
                throw fault("a list has at most \(TextExpression.listLimit) entries")
            }
        } while take(",")
        return list
    }

    private mutating func pattern() throws(ToolError) -> String {
        skipSpace()
        guard take("/") else { throw fault("a pattern stands between slashes: matches(/\\d+/)") }
        let start = i
        var isInClass = false
        while let next = peek, next != "/" || isInClass {
            if next == "[" { isInClass = true }
            if next == "]" { isInClass = false }
            i += next == "\\" ? 2 : 1
        }
        guard i < scalars.count else {
            throw fault("the pattern's closing / is missing", at: start)
        }
        let text = String(String.UnicodeScalarView(scalars[start..<i]))
        i += 1
        do throws(PatternFault) {
            _ = try Pattern(text)
        } catch {
            throw fault("pattern: \(error.reason)", at: start + error.offset)
        }
        return text
    }
}
