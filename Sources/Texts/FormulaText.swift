/// Strings inside formulas and sentences.
enum FormulaText {
    /// The string between quotation marks, with marks, backslashes, line breaks and everything that
    /// does not show (controls, joiners, direction marks, unusual blanks) escaped.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isHidden(scalar) {
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// `"a"`, `"a" or "b"`, `"a", "b" or "c"`.
    static func list(_ words: [String], joined word: String = "or") -> String {
        let quotes = words.map(quoted)
        guard quotes.count > 1, let last = quotes.last else { return quotes.first ?? "" }
        return quotes.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
            .nonspacingMark, .enclosingMark:
            true
        case .spaceSeparator: scalar != " "
        default: false
        }
    }
}
