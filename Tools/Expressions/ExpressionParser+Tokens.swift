extension ExpressionParser {
    /// Why an entry of a list is none.
    struct ListFault: Error { let reason: String }

    static let entryLimit = 100
    static let phraseLimit = 6

    /// A literal of `count`, `starts` and `ends`: letter case does not matter.
    static func literal(_ text: String) -> Result<String, ListFault> {
        guard 1...entryLimit ~= text.unicodeScalars.count else {
            return .failure(ListFault(reason: "a literal has 1 to \(entryLimit) characters"))
        }
        return .success(folded(text))
    }

    /// A word or phrase as the reader of texts would see it, its words one space apart.
    static func phrase(_ text: String) -> Result<String, ListFault> {
        guard text.unicodeScalars.count <= entryLimit else {
            return .failure(ListFault(reason: "an entry has at most \(entryLimit) characters"))
        }
        let isStem = text.hasSuffix("*")
        let words = WordList.words(of: isStem ? String(text.dropLast()) : text)
        guard 1...phraseLimit ~= words.count else {
            return .failure(
                ListFault(
                    reason:
                        "an entry has 1 to \(phraseLimit) words of letters or digits; for other "
                        + "characters use count or matches"))
        }
        guard !isStem || (words.count == 1 && words[0].count >= 2) else {
            return .failure(ListFault(reason: "a * may follow one word of 2 letters or more"))
        }
        return .success(words.joined(separator: " ") + (isStem ? "*" : ""))
    }

    static func folded(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for value in TextScalars(text).folded {
            if let scalar = Unicode.Scalar(value) { view.append(scalar) }
        }
        return String(view)
    }

    var peek: Unicode.Scalar? { i < scalars.count ? scalars[i] : nil }

    mutating func skipSpace() {
        while let next = peek, next == " " || next == "\n" || next == "\t" || next == "\r" {
            i += 1
        }
    }

    mutating func take(_ text: String) -> Bool {
        skipSpace()
        let wanted = text.unicodeScalars
        guard scalars[i...].starts(with: wanted) else { return false }
        i += wanted.count
        return true
    }

    mutating func expect(_ text: String) throws(ToolError) {
        guard take(text) else {
            throw fault(
                peek.map { "\(text) is expected here, not \($0)" }
                    ?? "\(text) is missing at the end")
        }
    }

    mutating func expectWord(_ word: String) throws(ToolError) {
        skipSpace()
        let start = i
        guard name() == word else { throw fault("\(word) is expected here", at: start) }
    }

    /// A run of small letters, digits and underscores.
    mutating func name() -> String {
        let start = i
        while let next = peek, isNameScalar(next) { i += 1 }
        return String(String.UnicodeScalarView(scalars[start..<i]))
    }

    private func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    mutating func number() throws(ToolError) -> Double {
        let start = i
        var text = ""
        while let next = peek {
            let isSign =
                (next == "-" || next == "+") && (text.hasSuffix("e") || text.hasSuffix("E"))
            guard "0"..."9" ~= next || next == "." || next == "e" || next == "E" || isSign else {
                break
            }
            text.unicodeScalars.append(next)
            i += 1
            guard text.utf8.count <= 40 else { break }
        }
        guard let value = Double(text), value.isFinite else {
            throw fault("\(ToolError.line(text)) is no number", at: start)
        }
        return value
    }

    mutating func string() throws(ToolError) -> String {
        let start = i
        guard peek == "\"" else { throw fault("a text between double quotes is expected here") }
        i += 1
        var view = String.UnicodeScalarView()
        while let next = peek, next != "\"" {
            i += 1
            guard next == "\\" else {
                view.append(next)
                continue
            }
            switch peek {
            case "n": view.append("\n")
            case "t": view.append("\t")
            case "\"": view.append("\"")
            case "\\": view.append("\\")
            default: throw fault("in a text \\ goes before \", \\, n or t")
            }
            i += 1
        }
        guard peek == "\"" else { throw fault("the text's closing \" is missing", at: start) }
        i += 1
        return String(view)
    }

    /// The operator that comes next, and its length; nothing is taken.
    mutating func peekOperator() -> (BinaryOperator, Int)? {
        skipSpace()
        guard let next = peek else { return nil }
        if isNameScalar(next) {
            let start = i
            let word = name()
            i = start
            return word == "and" ? (.and, 3) : word == "or" ? (.or, 2) : nil
        }
        let second: Unicode.Scalar? = i + 1 < scalars.count ? scalars[i + 1] : nil
        switch (next, second) {
        case ("<", "="): return (.lessOrEqual, 2)
        case (">", "="): return (.greaterOrEqual, 2)
        case ("=", "="): return (.equal, 2)
        case ("!", "="): return (.unequal, 2)
        case ("<", _): return (.less, 1)
        case (">", _): return (.greater, 1)
        case ("+", _): return (.plus, 1)
        case ("-", _): return (.minus, 1)
        case ("*", _): return (.times, 1)
        case ("/", _): return (.over, 1)
        default: return nil
        }
    }

    func fault(_ reason: String, at offset: Int? = nil) -> ToolError {
        .expression(source: source, offset: offset ?? i, reason: reason)
    }
}
