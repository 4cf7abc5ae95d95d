/// Reads the part of the usual pattern language that can be matched in linear time: characters,
/// `.`, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`; `^ $` (a line's ends) and `\b` at the
/// pattern's ends, and `(?i)` at its start. No back-references and no looking around.
struct PatternParser {
    private var scalars: [Unicode.Scalar]
    private var i = 0
    private var depth = 0
    private var ignoresCase = false

    static let depthLimit = 16
    static let repeatLimit = 200
    static let placeLimit = 400

    struct Result {
        let node: PatternNode
        let start: PatternEdge
        let end: PatternEdge
    }

    /// - Parameter source: without the slashes.
    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(PatternFault) -> Result {
        ignoresCase = take("(?i)")
        let start: PatternEdge = take("^") ? .line : take("\\b") ? .word : .anywhere
        let end = takeEnd()
        let node = try choice()
        guard i == scalars.count else {
            throw fault("a ) closes nothing; write \\) for the character")
        }
        guard node.placeCount <= Self.placeLimit else {
            throw fault(
                "written out it has \(node.placeCount) places, and at most \(Self.placeLimit) are "
                    + "allowed; use fewer or shorter repetitions")
        }
        return Result(node: node, start: start, end: end)
    }

    /// Takes a `$` or `\b` off the end, unless a backslash belongs to it.
    private mutating func takeEnd() -> PatternEdge {
        guard let last = scalars.last, scalars.count > i else { return .anywhere }
        let slashes = scalars.dropLast().reversed().prefix { $0 == "\\" }.count
        if last == "$", slashes % 2 == 0 {
            scalars.removeLast()
            return .line
        }
        if last == "b", slashes % 2 == 1 {
            scalars.removeLast(2)
            return .word
        }
        return .anywhere
    }

    private mutating func choice() throws(PatternFault) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw fault("groups lie too deep in each other") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternFault) -> PatternNode {
        var nodes: [PatternNode] = []
        while i < scalars.count, scalars[i] != "|", scalars[i] != ")" {
            nodes.append(try repeated(try atom()))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func repeated(_ node: PatternNode) throws(PatternFault) -> PatternNode {
        var bounds: (Int, Int?)?
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if take("{") {
            bounds = try braces()
        }
        guard let (least, most) = bounds else { return node }
        if let next = peek, "*+?{".unicodeScalars.contains(next) {
            throw fault(
                "a repetition of a repetition; the longest match is always taken, so no ? or + "
                    + "is needed after one")
        }
        return .repetition(node, least: least, most: most)
    }

    private mutating func braces() throws(PatternFault) -> (Int, Int?) {
        let least = try number()
        var most: Int? = least
        if take(",") { most = peek == "}" ? nil : try number() }
        guard take("}") else { throw fault("} is missing; write \\{ for the character") }
        guard least <= most ?? .max, most ?? least <= Self.repeatLimit else {
            throw fault("a repetition runs from m to n with m ≤ n ≤ \(Self.repeatLimit)")
        }
        if most == 0 { throw fault("a repetition of at most 0 accepts nothing") }
        return (least, most)
    }

    private mutating func number() throws(PatternFault) -> Int {
        var value = 0
        var digitCount = 0
        while let next = peek, "0"..."9" ~= next, digitCount < 4 {
            value = value * 10 + Int(next.value - 48)
            digitCount += 1
            i += 1
        }
        guard digitCount > 0 else {
            throw fault("a number is missing; write \\{ for the character")
        }
        return value
    }

    private mutating func atom() throws(PatternFault) -> PatternNode {
        if take("(") {
            _ = take("?:")
            if peek == "?" { throw fault("only (?: may follow ( — there is no looking around") }
            let node = try choice()
            guard take(")") else { throw fault(") is missing; write \\( for the character") }
            return node
        }
        if take(".") { return .set(SymbolSet([UInt8(ascii: "\n")]).inverted) }
        if take("[") { return .set(cased(try characterClass())) }
        if take("\\") { return .set(cased(try escape())) }
        let next = scalars[i]
        if "*+?{".unicodeScalars.contains(next) {
            throw fault("\(next) repeats nothing; write \\\(next) for the character")
        }
        if "^$".unicodeScalars.contains(next) {
            throw fault(
                "\(next) may stand at the pattern's end only; write \\\(next) for the character")
        }
        return .set(cased(SymbolSet([try character()])))
    }

    private func cased(_ set: SymbolSet) -> SymbolSet { ignoresCase ? set.ignoringCase : set }

    /// One plain character; typographic ones are read as the plain form that a text's are.
    private mutating func character() throws(PatternFault) -> UInt8 {
        let scalar = scalars[i]
        let symbol = scalar.isASCII ? UInt8(scalar.value) : Symbol.fold(scalar).symbol
        guard symbol < 128 else {
            throw fault("\(scalar) is no ASCII character; look for it with count(\"\(scalar)\")")
        }
        i += 1
        return symbol
    }

    private mutating func escape() throws(PatternFault) -> SymbolSet {
        guard let next = peek else {
            throw fault("a \\ ends the pattern; write \\\\ for the character")
        }
        i += 1
        switch next {
        case "d": return SymbolSet(kind: .digit)
        case "D": return SymbolSet(kind: .digit).inverted
        case "w": return Self.wordSet
        case "W": return Self.wordSet.inverted
        case "s": return SymbolSet(kind: .space)
        case "S": return SymbolSet(kind: .space).inverted
        case "n": return SymbolSet([UInt8(ascii: "\n")])
        case "t": return SymbolSet([UInt8(ascii: "\t")])
        case "r": return SymbolSet([UInt8(ascii: "\r")])
        case "b": throw fault("\\b may stand at the pattern's ends only")
        default:
            let isLetter = next.isASCII && next.properties.isAlphabetic
            guard next.isASCII, !isLetter, !("0"..."9" ~= next) else {
                throw fault(
                    "\\\(next) is not known; there are \\d \\w \\s \\D \\W \\S \\n \\t and marks")
            }
            return SymbolSet([UInt8(next.value)])
        }
    }

    static let wordSet = SymbolSet(kind: .word).union(SymbolSet([UInt8(ascii: "_")]))

    private mutating func characterClass() throws(PatternFault) -> SymbolSet {
        let isInverted = take("^")
        var set = SymbolSet()
        var isFirst = true
        while let next = peek, next != "]" || isFirst {
            isFirst = false
            if take("\\") {
                set = set.union(try escape())
                continue
            }
            let low = try character()
            guard peek == "-", i + 1 < scalars.count, scalars[i + 1] != "]" else {
                set.insert(low)
                continue
            }
            i += 1
            guard scalars[i] != "\\" else { throw fault("a range ends with a plain character") }
            let high = try character()
            guard low <= high else { throw fault("a range runs backwards") }
            for symbol in low...high { set.insert(symbol) }
        }
        guard take("]") else { throw fault("] is missing; write \\[ for the character") }
        let result = isInverted ? set.inverted : set
        guard !result.isEmpty else { throw fault("the class accepts nothing") }
        return result
    }

    private var peek: Unicode.Scalar? { i < scalars.count ? scalars[i] : nil }

    private mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard scalars[i...].starts(with: wanted) else { return false }
        i += wanted.count
        return true
    }

    private func fault(_ reason: String) -> PatternFault { PatternFault(offset: i, reason: reason) }
}

/// What must hold where a match begins or ends.
enum PatternEdge: Hashable, Sendable {
    case anywhere
    /// The beginning or end of a line.
    case line
    /// A word character on one side only.
    case word
}
