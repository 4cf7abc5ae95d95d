/// Text for a Markdown file. What is interpolated as text is escaped; only ``Markdown`` goes in as it
/// is, so data cannot become markup by being forgotten.
struct Markdown: ExpressibleByStringInterpolation, Sendable, Hashable {
    private(set) var source: String

    init(stringLiteral source: String) { self.source = source }

    init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    private init(source: String) { self.source = source }

    struct StringInterpolation: StringInterpolationProtocol {
        var source = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { source += literal }

        mutating func appendInterpolation(_ markdown: Markdown) { source += markdown.source }

        mutating func appendInterpolation(_ text: some StringProtocol) {
            source += Markdown.escape(String(text))
        }

        mutating func appendInterpolation(_ number: Int) { source += String(number) }
    }

    /// One line of text that stays text anywhere in a line of CommonMark or of GitHub's dialect: in a
    /// heading, a table cell, a list or a quotation. An empty comment keeps an at sign from making an
    /// address of its neighbours.
    static func escape(_ text: String) -> String {
        let scalars = Array(ShownText.plain(text, 20_000).unicodeScalars)
        var result = ""
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "@": result += "@<!-- -->"
            case _ where isMarkup(scalar, at: place, in: scalars): result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a character could mean more than itself where it stands.
    private static func isMarkup(
        _ scalar: Unicode.Scalar, at place: Int, in scalars: [Unicode.Scalar]
    ) -> Bool {
        let next = place + 1 < scalars.count ? scalars[place + 1] : " "
        let before = scalars[..<place].drop { $0 == " " }
        switch scalar {
        case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "$": return true
        case ":": return next != " "
        case "-", "+", "=": return before.isEmpty && !("0"..."9").contains(next)
        case ".", ")":
            if let last = before.last, last == "w" || last == "W" { return true }
            return next == " " && (1...9).contains(before.count)
                && before.allSatisfy { ("0"..."9").contains($0) }
        default: return false
        }
    }

    /// A block of source behind a fence longer than any run of backticks in it.
    static func code(_ text: String) -> Markdown {
        var longest = 0
        var run = 0
        for character in text.utf8 {
            run = character == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let shown = ShownText.source(text, 8_000).replacing("\r\n", with: "\n")
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(
                String.UnicodeScalarView(
                    line.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
        }
        return Markdown(source: ([fence] + lines + [fence]).joined(separator: "\n"))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\t" && (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
    }

    /// - Parameter columns: headings; those that begin with ">" have their cells on the right.
    static func table(_ columns: [String], _ rows: [[Markdown]]) -> Markdown {
        let heads = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
        let rules = columns.map { $0.hasPrefix(">") ? "--:" : "---" }
        let lines = [heads.map(escape), rules] + rows.map { $0.map(\.source) }
        return Markdown(
            source: lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
    }

    /// Parts with an empty line between them.
    static func blocks(_ parts: [Markdown?]) -> Markdown {
        Markdown(
            source: parts.compactMap { $0?.source }.filter { !$0.isEmpty }
                .joined(separator: "\n\n"))
    }

    static func list(_ items: [Markdown]) -> Markdown {
        let lines = items.map { "* " + $0.source.drop { $0 == " " } }
        return Markdown(source: lines.joined(separator: "\n"))
    }

    static func joined(_ parts: [Markdown]) -> Markdown {
        Markdown(source: parts.map(\.source).joined())
    }
}
