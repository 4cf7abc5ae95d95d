import JSON
import Texts

extension ScriptedSage {
    /// A hypothesis as the question shows it.
    struct Hypothesis {
        let number: Int
        let status: SageStatus
        let text: String

        var isControl: Bool { SageHypothesis(number: number, text: text).isControl }
    }

    /// From lines such as `H1: …` and `H1 (CONFIRMED): …`.
    var hypotheses: [Hypothesis] {
        question.compactMap { line in
            guard line.first == "H", let colon = line.firstRange(of: ": ") else { return nil }
            let head = line[..<colon.lowerBound].dropFirst().split(separator: " ")
            guard (1...2).contains(head.count), let number = Int(head[0]) else { return nil }
            let word = head.count > 1 ? head[1].filter(\.isLetter) : ""
            return Hypothesis(
                number: number, status: SageStatus(rawValue: word) ?? .pending,
                text: String(line[colon.upperBound...]))
        }
    }

    static func exemplar(_ line: Substring) -> SageWindow? {
        guard line.hasPrefix("Exemplar "), let colon = line.firstRange(of: ": ") else { return nil }
        return window(line[colon.upperBound...])
    }

    private static func window(_ pairs: Substring) -> SageWindow? {
        guard let list = (try? JSONValue(parsing: String(pairs)))?.array else { return nil }
        return SageWindow(
            list.compactMap { pair in
                guard let pair = pair.array, pair.count == 2, let text = pair[0].string,
                    let value = pair[1].number
                else { return nil }
                return SageWindow.Token(text: text, value: Float(value))
            })
    }

    static func tests(_ lines: [Substring]) -> [Test] {
        var result: [Test] = []
        for line in lines {
            if line.hasPrefix("Test of H"), let colon = line.firstRange(of: ": "),
                let number = Int(line[..<colon.lowerBound].dropFirst("Test of H".count)),
                let text = (try? JSONValue(parsing: String(line[colon.upperBound...])))?.string
            {
                result.append(Test(hypothesis: number, text: text))
            }
            guard var test = result.popLast() else { continue }
            if line.hasPrefix("Expected: ") {
                test.isExpectedHigh = line.dropFirst("Expected: ".count).lowercased()
                    .hasPrefix("high")
            } else if line.hasPrefix("Max activation: ") {
                test.activation = line.split(separator: " ").dropFirst(2).first
                    .flatMap { Float($0) }
            } else if line.hasPrefix("Tokens: ") {
                test.window = window(line.dropFirst("Tokens: ".count))
            }
            result.append(test)
        }
        return result
    }
}

extension SageWindow {
    /// The text without the blanks before it, and where its strongest token begins.
    var textWithPeak: (text: String, byte: Int) {
        let whole = tokens.map(\.text).joined()
        let text = String(whole.trimmingPrefix(while: \.isWhitespace))
        return (text, max(0, peakByte - (whole.utf8.count - text.utf8.count)))
    }

    /// Where the strongest token begins, after the blanks before it.
    var peakByte: Int {
        let before = tokens[..<peak].reduce(0) { $0 + $1.text.utf8.count }
        return before + tokens[peak].text.prefix(while: \.isWhitespace).utf8.count
    }
}
