extension PatternParser {
    /// What follows a backslash, as a set.
    mutating func escape() throws(PatternFlaw) -> ScalarSet {
        let scalar = try require()
        if let term = Self.classes[scalar] {
            if scalar == "h" || scalar == "H" {
                let digits: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x46, 0x61...0x66]
                return ScalarSet(ranges: digits, isNegated: scalar == "H")
            }
            return ScalarSet(terms: [term])
        }
        switch scalar {
        case "p", "P": return try property(isNegated: scalar == "P")
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        case "f": return ScalarSet("\u{0C}")
        case "v": return ScalarSet("\u{0B}")
        case "a": return ScalarSet("\u{07}")
        case "e": return ScalarSet("\u{1B}")
        case "x", "u": return ScalarSet(try code(isLong: scalar == "u"))
        default:
            let isSign = scalar.value < 0x80 && !scalar.properties.isAlphabetic
            guard isSign, !("0"..."9").contains(scalar) else {
                throw PatternFlaw(reason: "has \"\\\(scalar)\", which is not implemented")
            }
            return ScalarSet(scalar)
        }
    }

    private static let classes: [Unicode.Scalar: ScalarSet.Term] = {
        func term(_ categories: UInt32, _ flags: UInt32, _ isNegated: Bool) -> ScalarSet.Term {
            ScalarSet.Term(categories: categories, flags: flags, isNegated: isNegated)
        }
        let digit = Category.decimalNumber.bit
        return [
            "s": term(0, ScalarClasses.Flags.space, false),
            "S": term(0, ScalarClasses.Flags.space, true),
            "w": term(0, ScalarClasses.Flags.word, false),
            "W": term(0, ScalarClasses.Flags.word, true),
            "d": term(digit, 0, false), "D": term(digit, 0, true),
            "h": term(0, 0, false), "H": term(0, 0, false),
        ]
    }()

    /// `\p{Lu}`, `\P{L}`, `\p{^N}`
    private mutating func property(isNegated: Bool) throws(PatternFlaw) -> ScalarSet {
        guard take("{") else { throw PatternFlaw(reason: "has \"\\p\" without \"{\"") }
        let isCounted = take("^")
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            at += 1
        }
        guard take("}"), let categories = Category.named(name) else {
            throw PatternFlaw(reason: "has the property \"\(name)\", which is not implemented")
        }
        return ScalarSet(terms: [
            ScalarSet.Term(categories: categories, isNegated: isNegated != isCounted)
        ])
    }

    /// `\x41`, `\x{1F600}`, `\u0041`
    private mutating func code(isLong: Bool) throws(PatternFlaw) -> Unicode.Scalar {
        var digits = ""
        let isBraced = !isLong && take("{")
        let limit = isBraced ? 8 : isLong ? 4 : 2
        while let scalar = next, scalar.properties.isASCIIHexDigit, digits.count < limit {
            digits.unicodeScalars.append(scalar)
            at += 1
        }
        let isWhole = isBraced ? take("}") : digits.count == limit
        guard isWhole, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value),
            isBraced || isLong || value < 0x80
        else { throw PatternFlaw(reason: "has a character code that is none") }
        return scalar
    }

    /// The rest of `[…]`.
    mutating func scalarClass(ignoresCase: Bool) throws(PatternFlaw) -> ScalarSet {
        guard !ignoresCase else {
            throw PatternFlaw(reason: "has \"[…]\" while ignoring case, which is not implemented")
        }
        let isNegated = take("^")
        var set = ScalarSet()
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            guard scalar != "[", !take("&&"), scalar != "]" else {
                throw PatternFlaw(
                    reason: "has a class within a class, which is not implemented; "
                        + "write \"\\\(scalar)\" for the sign")
            }
            isFirst = false
            guard let united = set.union(try member()) else {
                throw PatternFlaw(reason: "has a negated class within a class")
            }
            set = united
        }
        guard take("]") else { throw PatternFlaw(reason: "lacks a \"]\"") }
        return ScalarSet(ranges: set.ranges, terms: set.terms, isNegated: isNegated)
    }

    /// A scalar, a range of scalars or a class by name.
    private mutating func member() throws(PatternFlaw) -> ScalarSet {
        let first = try classAtom()
        guard next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else { return first }
        at += 1
        let last = try classAtom()
        guard first.terms.isEmpty, last.terms.isEmpty, let from = first.ranges.first?.lowerBound,
            let to = last.ranges.first?.upperBound, first.ranges.count == 1, from <= to
        else { throw PatternFlaw(reason: "has a \"-\" that is no range; write \"\\-\"") }
        return ScalarSet(ranges: [from...to])
    }

    private mutating func classAtom() throws(PatternFlaw) -> ScalarSet {
        let scalar = try require()
        if scalar == "\\" {
            guard next != "b" else { throw PatternFlaw(reason: "has \"\\b\" within a class") }
            return try escape()
        }
        return ScalarSet(scalar)
    }
}
