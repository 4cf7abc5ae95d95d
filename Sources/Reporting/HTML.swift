import Foundation

/// Markup. What is interpolated as text is escaped; only ``HTML`` goes in as it is, so data cannot
/// become markup by being forgotten.
package struct HTML: ExpressibleByStringInterpolation, Sendable, Hashable {
    package private(set) var source: String

    package init(stringLiteral source: String) { self.source = source }

    package init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    package static func += (a: inout HTML, b: HTML) { a.source += b.source }

    package struct StringInterpolation: StringInterpolationProtocol {
        var source = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { source += literal }

        package mutating func appendInterpolation(_ html: HTML) { source += html.source }

        package mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { source += part.source }
        }

        package mutating func appendInterpolation(_ text: some StringProtocol) {
            source += HTML.escape(text)
        }

        package mutating func appendInterpolation(_ number: Int) { source += String(number) }

        /// With so many digits after the point.
        package mutating func appendInterpolation(_ number: Double, digits: Int) {
            source += Format.number(number, digits: digits)
        }
    }

    /// Safe between tags and inside quoted attributes. Control characters, which no encoding of HTML
    /// can carry, become the replacement character.
    package static func escape(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// Numbers as people read them, the same on every machine.
public enum Format {
    public static func number(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
        let text = String(format: "%.\(digits)f", value)
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return text.hasPrefix("-") ? (isZero ? "" : "−") + text.dropFirst() : text
    }

    /// An e-value, from its natural logarithm: a plain number or a power of ten.
    public static func eValue(log value: Double) -> String {
        let tens = value / log(10)
        if tens < 4 { return number(exp(value), digits: tens < 1 ? 2 : 0) }
        return "10^" + number(tens, digits: 1)
    }
}
