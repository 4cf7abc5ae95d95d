/// Reads regular expressions in the syntax of Ruby, which the reference uses, as far as it is
/// implemented here; anything else is refused by name.
///
/// - Source: Oniguruma 6.9, `doc/RE` and `doc/SYNTAX.md`.
struct PatternParser {
    let scalars: [Unicode.Scalar]
    var at = 0
    private var depth = 0
    private var ignoresCase = false

    static let lengthLimit = 4096
    static let depthLimit = 32
    static let repeatLimit = 1000

    static func parse(_ expression: String) throws(PatternFlaw) -> PatternNode {
        let scalars = Array(expression.unicodeScalars)
        guard scalars.count <= lengthLimit else {
            throw PatternFlaw(reason: "is longer than \(lengthLimit) characters")
        }
        var parser = PatternParser(scalars: scalars)
        let node = try parser.choice()
        guard parser.at == scalars.count else {
            throw PatternFlaw(reason: "has a \")\" too many")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        at += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    mutating func require() throws(PatternFlaw) -> Unicode.Scalar {
        guard let scalar = next else { throw PatternFlaw(reason: "ends too early") }
        at += 1
        return scalar
    }

    private mutating func choice() throws(PatternFlaw) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw PatternFlaw(reason: "is nested deeper than \(Self.depthLimit)")
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternFlaw) -> PatternNode {
        var nodes: [PatternNode] = []
        let start = at
        while let scalar = next, scalar != "|", scalar != ")" {
            nodes.append(try quantified())
        }
        if ignoresCase { try checkFolding(String(String.UnicodeScalarView(scalars[start..<at]))) }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// Some pairs of letters equal one letter when case is ignored ("ss" and "ß").
    private func checkFolding(_ text: String) throws(PatternFlaw) {
        for pair in ["ss", "st", "ff", "fi", "fl"] where text.lowercased().contains(pair) {
            throw PatternFlaw(reason: "has \"\(pair)\" while ignoring case")
        }
    }

    private mutating func quantified() throws(PatternFlaw) -> PatternNode {
        var node = try atom()
        while let (min, max, isInterval) = try quantifier() {
            var mode = PatternNode.Mode.greedy
            if take("?") {
                mode = .lazy
            } else if !isInterval, take("+") {
                mode = .possessive
            }
            guard max < Int.max || !node.mayBeEmpty else {
                throw PatternFlaw(reason: "repeats without end what may be empty")
            }
            if case .anchor = node { throw PatternFlaw(reason: "repeats an anchor") }
            if case .look = node { throw PatternFlaw(reason: "repeats a look around") }
            // In this syntax "{2}?" makes two of something optional, elsewhere it is lazy.
            guard mode != .lazy || !isInterval || min < max else {
                throw PatternFlaw(reason: "has \"{\(min)}?\", which is read in different ways")
            }
            node = .repeated(node, min: min, max: max, mode: mode)
        }
        return node
    }

    private mutating func quantifier() throws(PatternFlaw) -> (Int, Int, Bool)? {
        switch next {
        case "*": at += 1; return (0, .max, false)
        case "+": at += 1; return (1, .max, false)
        case "?": at += 1; return (0, 1, false)
        case "{": return try interval()
        default: return nil
        }
    }

    private mutating func interval() throws(PatternFlaw) -> (Int, Int, Bool) {
        at += 1
        let least = number()
        let most = take(",") ? number() ?? .max : least
        guard take("}"), let most, least != nil || most < .max else {
            throw PatternFlaw(reason: "has a \"{\" that is no count; write \"\\{\" for the sign")
        }
        let min = least ?? 0
        guard min <= most, min <= Self.repeatLimit, most == .max || most <= Self.repeatLimit else {
            throw PatternFlaw(reason: "has a count that is too large or in the wrong order")
        }
        return (min, most, true)
    }

    private mutating func number() -> Int? {
        let start = at
        while let scalar = next, ("0"..."9").contains(scalar), at - start < 6 { at += 1 }
        return Int(String(String.UnicodeScalarView(scalars[start..<at])))
    }

    private mutating func atom() throws(PatternFlaw) -> PatternNode {
        let scalar = try require()
        switch scalar {
        case "(": return try group()
        case "[": return .set(try scalarClass(ignoresCase: ignoresCase))
        case ".": return .set(ScalarSet(ranges: [0x0A...0x0A], isNegated: true))
        case "^": return .anchor(.lineStart)
        case "$": return .anchor(.lineEnd)
        case "\\":
            if let anchor = anchor() { return .anchor(anchor) }
            return .set(try folded(try escape()))
        case "*", "+", "?": throw PatternFlaw(reason: "repeats nothing with \"\(scalar)\"")
        default: return .set(try folded(ScalarSet(scalar)))
        }
    }

    private func folded(_ set: ScalarSet) throws(PatternFlaw) -> ScalarSet {
        guard ignoresCase, let only = set.ranges.first, set.terms.isEmpty else { return set }
        guard only.upperBound < 0x80, !set.isNegated else {
            throw PatternFlaw(reason: "ignores the case of a letter beyond ASCII")
        }
        let lower = only.lowerBound | 0x20
        guard (0x61...0x7A).contains(lower) else { return set }
        var ranges = [lower...lower, lower - 0x20...lower - 0x20]
        if lower == 0x73 { ranges.append(0x17F...0x17F) }
        if lower == 0x6B { ranges.append(0x212A...0x212A) }
        return ScalarSet(ranges: ranges)
    }

    private mutating func anchor() -> PatternNode.Anchor? {
        let anchor: PatternNode.Anchor? =
            switch next {
            case "A": .textStart
            case "z": .textEnd
            case "Z": .textEndOrLastLine
            case "b": .wordEdge
            case "B": .noWordEdge
            default: nil
            }
        if anchor != nil { at += 1 }
        return anchor
    }

    private mutating func group() throws(PatternFlaw) -> PatternNode {
        let caseBefore = ignoresCase
        defer { ignoresCase = caseBefore }
        var wrap: (PatternNode) throws(PatternFlaw) -> PatternNode = { node in node }
        if take("?") {
            if take("i:") {
                ignoresCase = true
            } else if take("=") || take("!") {
                let isNegated = scalars[at - 1] == "!"
                wrap = { .look($0, ahead: true, negated: isNegated) }
            } else if take("<=") || take("<!") {
                let isNegated = scalars[at - 1] == "!"
                wrap = { node throws(PatternFlaw) in
                    guard node.fixedLength != nil else {
                        throw PatternFlaw(reason: "looks behind for a text of unknown length")
                    }
                    return .look(node, ahead: false, negated: isNegated)
                }
            } else if take(">") {
                wrap = { .atomic($0) }
            } else if !take(":") {
                let name = next.map { "(?\($0)" } ?? "(?"
                throw PatternFlaw(reason: "has a group \"\(name)\", which is not implemented")
            }
        }
        let node = try choice()
        guard take(")") else { throw PatternFlaw(reason: "lacks a \")\"") }
        return try wrap(node)
    }
}
